// Every page, for everybody.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../src/browser.mjs";
import { visit } from "../src/pages.mjs";
import { isUsable, story } from "../src/story.mjs";

story("Every page can be used by everybody, light and dark, and fits a phone", "所有页面人人可用，明暗两种外观均可，并适合手机屏幕", async ({ page, world }) => {
  const wrong = [];
  const check = (work) => work.catch((error) => wrong.push(error.message));
  await visit(world, page, async (name) => {
    await check(isUsable(page, name));
    await page.emulateMedia({ colorScheme: "dark" });
    await check(isUsable(page, `${name}, dark`, ["color-contrast"]));
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(PHONE);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (tooWide > 0) wrong.push(`${name} on a phone is ${tooWide} pixels too wide`);
    await page.setViewportSize(DESKTOP);
  });
  assert.deepEqual(wrong, []);
});

story("The first page is quick to fetch and asks nobody else", "首页加载迅速，不向任何第三方请求", async ({ page, world }) => {
  const asked = [];
  let scripts = 0;
  page.on("response", async (response) => {
    asked.push(new URL(response.url()).origin);
    if (response.request().resourceType() === "script") scripts += Number((await response.request().sizes()).responseBodySize);
  });
  // Never idle: what happens is told for as long as the page stands.
  const told = page.waitForResponse(/\/api\/v1\/live/);
  await page.goto(`${world.product.base}/`, { waitUntil: "load" });
  await page.locator("tbody tr").first().waitFor();
  await told;
  assert.deepEqual([...new Set(asked)].filter((origin) => origin !== new URL(world.product.base).origin && origin !== "null"), []);
  assert.ok(scripts > 0 && scripts <= 200 * 1024, `${scripts} bytes of script`);
});
