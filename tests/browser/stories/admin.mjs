// Who may do what, and who did.
import assert from "node:assert/strict";
import { story } from "../src/story.mjs";

story("A token is made, shown once, used by a program, and opens nothing once it is revoked", "令牌创建后只显示一次，供程序使用，吊销后立即失效", async ({ page, world, t }) => {
  const name = `nightly export ${Date.now()}`;
  await page.goto(`${world.product.base}/settings/tokens`);
  await page.getByRole("button", { name: t.tokens.create }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t.tokens.name, { exact: true }).fill(name);
  await dialog.getByLabel(t.tokens.api).check();
  await dialog.getByRole("button", { name: t.tokens.create }).click();
  const secret = await page.getByRole("textbox", { name: t.tokens.secret, exact: true }).inputValue();
  const ask = () => fetch(`${world.product.base}/api/v1/session`, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal((await ask()).status, 200);
  await page.getByRole("button", { name: t.tokens.kept }).click();
  await page.reload();
  await page.getByText(name).waitFor();
  assert.equal(await page.getByText(secret).count(), 0, "it is not shown again");
  await page.getByRole("button", { name: t.tokens.revokeNamed(name) }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.tokens.revoke, exact: true }).click();
  await page.getByText(t.tokens.revoked(name)).waitFor();
  assert.equal((await ask()).status, 401);
});

story("The audit tells who changed what", "审计记录谁更改了什么", async ({ page, world, language, t }) => {
  const name = `${language === "en" ? "Night shift" : "夜班组"} ${Date.now()}`;
  await page.goto(`${world.product.base}/people`);
  await page.getByRole("button", { name: t.groups.create }).click();
  await page.getByRole("dialog").getByLabel(t.groups.name).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: t.save, exact: true }).click();
  await page.getByText(name).first().waitFor();
  await page.getByRole("link", { name: t.audit, exact: true }).click();
  const row = page.locator("tbody tr", { hasText: name });
  await row.getByText(t.log.events["group.created"]).waitFor();
});
