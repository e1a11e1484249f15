// Numbers.
import assert from "node:assert/strict";
import { story } from "../src/story.mjs";

story("A report is drawn, its numbers stand beside it, and a row leads to the tickets behind it", "报表绘制成图，数字列于其旁，每一行都可查看对应的工单", async ({ page, world, t }) => {
  const { items } = await world.api("GET", "reports");
  assert.ok(items.length > 0, "the demo has reports");
  await page.goto(`${world.product.base}/reports`);
  await page.locator("li.card a").first().click();
  await page.locator("figure svg, figure dl").first().waitFor();
  const table = page.locator("section.card", { has: page.getByRole("link", { name: new RegExp(t.reports.tickets) }) }).first();
  await table.waitFor();
  const saved = page.waitForEvent("download");
  await table.getByRole("button", { name: t.reports.save }).click();
  assert.match((await saved).suggestedFilename(), /\.csv$/);
  await table.getByRole("link", { name: new RegExp(t.reports.tickets) }).first().click();
  await page.waitForURL(/\/\?filter=/);
  await page.locator("tbody tr").first().waitFor();
});
