// Whether a page can be used by everybody, as far as a program can tell.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import assert from "node:assert/strict";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** With `rules`, only those are looked at. Fails where something serious or critical is found, and says where. */
export async function isUsable(page, what, rules) {
  // By the debugger's door: the page's own policy lets no foreign script in.
  await page.evaluate(`if (!window.axe) { ${source} }`);
  const found = await page.evaluate(async (only) => {
    // Style sheets are not loaded once more: a sheet that does not come would be put into the page, which the page's own policy refuses.
    const { violations } = await window.axe.run(document, { preload: false, resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) });
    return violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => ({ rule: one.id, help: one.help, places: one.nodes.slice(0, 5).map((node) => `${node.target.join(" ")} — ${node.failureSummary}`) }));
  }, rules);
  assert.deepEqual(found, [], `${what} (${page.url()})`);
}
