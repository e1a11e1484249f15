// Finding what one works on.
import assert from "node:assert/strict";
import { loadBuilder } from "../src/texts.mjs";
import { choose, line, story, until } from "../src/story.mjs";

story("An agent saves a view by choosing conditions, and finds a ticket by it", "客服通过选择条件保存视图，并用它找到工单", async ({ page, world, t }) => {
  const stamp = Date.now();
  const { number } = await world.ticket(`Toner low ${stamp}`);
  await world.ticket(`Something else ${stamp}`);
  await page.goto(`${world.product.base}/`);
  await page.getByRole("button", { name: t.views.create }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t.views.name, { exact: true }).fill(`Toner ${stamp}`);
  await dialog.getByRole("button", { name: t.views.addCondition }).click();
  await choose(dialog, t.views.field, t.fields.subject);
  await choose(dialog, t.views.operator(t.fields.subject), t.views.operators.contains);
  await dialog.getByLabel(t.views.value(t.fields.subject)).fill(`low ${stamp}`);
  await dialog.getByRole("button", { name: t.save, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: `Toner ${stamp}` }).waitFor();
  await line(page, `Toner low ${stamp}`).waitFor();
  await until("only that one is listed", async () => (await page.locator("tbody tr").count()) === 1);
  // The address is the view: going back, and a new window, lead to the same.
  await line(page, `Toner low ${stamp}`).getByRole("link").click();
  await page.waitForURL(new RegExp(`/tickets/${number}$`));
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: `Toner ${stamp}` }).waitFor();
});

story("A view saved of what a list shows keeps all of it, what was asked beside the filter, too", "将列表另存为视图时保留全部条件，包括筛选之外的条件", async ({ page, world, t }) => {
  const stamp = Date.now();
  await world.ticket(`Projector still broken ${stamp}`);
  const { number } = await world.ticket(`Projector mended ${stamp}`);
  await world.api("PUT", `tickets/${number}/solution`, {});
  await page.goto(`${world.product.base}/?${new URLSearchParams({ state: "solved", filter: `subject.contains("${stamp}")` })}`);
  await line(page, `Projector mended ${stamp}`).waitFor();
  await page.getByRole("button", { name: t.views.save }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t.views.name, { exact: true }).fill(`Mended ${stamp}`);
  await dialog.getByRole("button", { name: t.save, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: `Mended ${stamp}` }).waitFor();
  await until("only the solved one is listed", async () => (await page.locator("tbody tr").allTextContents()).join().includes("mended") && (await page.locator("tbody tr").count()) === 1);
});

story("A filter is checked while it is written, underlined where it is wrong, and kept in the address", "筛选表达式边写边检查，错误处加下划线，并保存在地址中", async ({ page, world, t }) => {
  await page.goto(`${world.product.base}/`);
  await page.getByRole("button", { name: t.views.filter, exact: true }).click();
  await page.getByRole("button", { name: t.views.write }).click();
  const field = page.getByLabel(t.views.expression);
  await field.fill('stat == "open"');
  await page.locator("mark", { hasText: "stat" }).waitFor();
  await page.getByText(t.views.mistake("1", "1", "").slice(0, 8)).first().waitFor();
  await field.fill("");
  await field.pressSequentially("p");
  await page.getByRole("option").filter({ hasText: "priority" }).waitFor();
  // On a busy machine pictures come later than keys: what Enter chooses is of all that was written.
  await page.evaluate(() => {
    const soon = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) => setTimeout(() => soon(draw), 2_000);
  });
  await field.pressSequentially("rio");
  await page.keyboard.press("Enter");
  await field.pressSequentially(" == 1");
  await page.locator("mark").waitFor({ state: "detached" });
  await page.getByRole("button", { name: t.views.apply, exact: true }).click();
  await page.waitForURL(/filter=priority/);
  await page.locator("tbody tr").first().waitFor();
  const found = await page.locator("tbody tr").allTextContents();
  assert.ok(found.every((text) => text.includes(t.priorities[1])), "each is of that priority");
});

story("Whatever is chosen as a filter is an expression that the host takes, and is read back as it was chosen", "通过选择得到的筛选都是有效的表达式，并能还原为原来的选择", async ({ world }) => {
  const { isId, operatorsOf, needsValue, toExpression, fromExpression } = await loadBuilder();
  const { names } = await world.api("GET", "expressions/names");
  const examples = { text: ['with "quotes" \\ and C:\\new and 引号'], integer: ["2"], number: ["1.5"], instant: ["48"], texts: ["vip"], boolean: [] };
  const rows = names.flatMap((name) =>
    operatorsOf(name).map((operator) => {
      const one = isId(name) ? ["01a213b4-cead-7def-ab3e-24a6879047b9"] : name.closed ? [name.values[0].value] : examples[name.type];
      const second = ["is", "is-not"].includes(operator) && name.values.length > 1 ? [name.values[0].value, name.values[1].value] : one;
      return { name: name.name, operator, values: needsValue(operator) ? second : [] };
    }),
  );
  assert.ok(rows.length > 50, `${rows.length} rows`);
  for (const row of rows) {
    const text = toExpression([row], names);
    const { ok, errors } = await world.api("POST", "expressions/check", { kind: "tickets", text });
    assert.ok(ok, `${text}: ${JSON.stringify(errors)}`);
    assert.deepEqual(fromExpression(text, names), [row], text);
  }
  const all = rows.slice(0, 6);
  assert.deepEqual(fromExpression(toExpression(all, names), names), all);
  assert.equal(fromExpression('state == "open" || priority == 1', names), null, "what rows cannot say is left to writing");
});
