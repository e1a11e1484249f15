// A story is a sentence in both languages, and what it takes to see it come true: told by what people read and press, in the language they read.
export { isUsable } from "./axe.mjs";

const told = [];

/**
 * `en`, `zh`: the sentence. `tell` gets `{ page, t, world, language }`: a window in which the admin is signed in, the console's texts.
 * It is told in both languages.
 */
export function story(en, zh, tell) {
  told.push({ en, zh, tell });
}

export const stories = told;

/** The line of a table, or the item of a list, that says so. */
export function line(page, text) {
  return page.locator("tr, li").filter({ hasText: text }).last();
}

/** Waits until something is so; what is asked may be asked again and again. */
export async function until(what, holds, within = 30_000) {
  const begun = Date.now();
  let last;
  while (Date.now() - begun < within) {
    try {
      last = await holds();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what}: not within ${within} ms (${last})`);
}

/** Chooses in the field of that title. */
export async function choose(scope, label, option) {
  await scope.getByLabel(label, { exact: true }).selectOption({ label: option });
}
