// Windows on a ticket: somebody's own, a colleague's, one that hears nothing.

export const at = (world, number) => `${world.product.base}/tickets/${number}`;
export const answerOf = (page, t) => page.getByLabel(t.composer.writeReply);
export const said = (page, text) => page.locator("li", { hasText: text }).first();
export const choiceOf = (page, name) => page.getByRole("combobox", { name, exact: true });
export const urgencyOf = (page, t) => choiceOf(page, t.properties.urgency);

/** A colleague's window, for as long as the story is about her. */
export async function beside(world, language, name, tell) {
  const page = await world.colleague(language, name);
  try {
    await tell(page);
  } finally {
    await page.context().close();
  }
}

export async function sayAt(page, t, text) {
  await answerOf(page, t).fill(text);
  await page.getByRole("button", { name: t.composer.sendReply }).click();
  await said(page, text).waitFor();
}

export async function addTag(page, t, tag) {
  await page.getByLabel(t.properties.addTag).fill(tag);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: t.properties.removeTag(tag) }).waitFor();
}

/** Whatever the page would load of the ticket does not come before the page itself changes something: of what others did, it knows nothing until then. */
export async function holdBack(page, number) {
  const of = (request, what) => new RegExp(`/tickets/${number}${what}$`).test(new URL(request.url()).pathname);
  let isHeld = true;
  page.on("request", (request) => {
    if (request.method() !== "GET" && of(request, "/(?!presence).+")) isHeld = false;
  });
  await page.route(new RegExp(`/tickets/${number}(/messages|/history)?$`), (route) => (isHeld && route.request().method() === "GET" ? route.abort() : route.fallback()));
}

/** A window beside this one that is not told what others keep in the browser. */
export async function deafWindow(page) {
  const deaf = await page.context().newPage();
  await deaf.addInitScript(() => addEventListener("storage", (event) => event.stopImmediatePropagation(), true));
  return deaf;
}

/** What the page asks for there fails so many times. */
export async function fail(page, where, times) {
  let left = times;
  await page.route(where, (route) => (left-- > 0 ? route.abort() : route.fallback()));
}
