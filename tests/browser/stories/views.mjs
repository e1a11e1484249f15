// Finding what one works on.
import assert from "node:assert/strict";
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

story("A filter is checked while it is written, underlined where it is wrong, and kept in the address", "筛选表达式边写边检查，错误处加下划线，并保存在地址中", async ({ page, world, t }) => {
  await page.goto(`${world.product.base}/`);
  await page.getByRole("button", { name: t.views.filter, exact: true }).click();
  await page.getByRole("button", { name: t.views.write }).click();
  const field = page.getByLabel(t.views.expression);
  await field.fill('stat == "open"');
  await page.locator("mark", { hasText: "stat" }).waitFor();
  await page.getByText(t.views.mistake("1", "1", "").slice(0, 8)).first().waitFor();
  await field.fill("");
  await field.pressSequentially("prio");
  await page.getByRole("option").filter({ hasText: "priority" }).waitFor();
  await page.keyboard.press("Enter");
  await field.pressSequentially(" == 1");
  await page.locator("mark").waitFor({ state: "detached" });
  await page.getByRole("button", { name: t.views.apply, exact: true }).click();
  await page.waitForURL(/filter=priority/);
  await page.locator("tbody tr").first().waitFor();
  const found = await page.locator("tbody tr").allTextContents();
  assert.ok(found.every((text) => text.includes(t.priorities[1])), "each is of that priority");
});
