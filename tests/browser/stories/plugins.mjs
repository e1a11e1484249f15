// A plugin's life, as its admin sees it.
import assert from "node:assert/strict";
import { isUsable, line, story, until } from "../src/story.mjs";
import { GUARD, ONE_MORE_HOST, only, titleOf } from "../src/world.mjs";

story("An admin uploads a plugin, reads what it wants and why, grants what he likes, and enables it", "管理员上传插件，查看其所需权限及理由，按需授权并启用", async ({ page, world, language, t }) => {
  const name = world.nameOf("life", language);
  await page.goto(`${world.product.base}/settings/plugins`);
  await page.getByRole("button", { name: t.upload.open }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t.upload.file).setInputFiles({ name: "parcels.tar", mimeType: "application/x-tar", buffer: world.package(name, "1.0.0") });
  await dialog.getByRole("button", { name: t.upload.submit, exact: true }).click();
  // Nobody here knows the publisher: the admin answers for him, or does not.
  await dialog.getByLabel(t.upload.unsigned).check();
  await dialog.getByRole("button", { name: t.upload.submit, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: t.consent.title(titleOf(name, language)) }).waitFor();
  await page.getByText(language === "en" ? "It looks at the tickets that it tags." : "需要查看要打标签的工单。").waitFor();
  const mails = page.getByRole("checkbox", { name: t.permissionNames.intake });
  assert.equal(await mails.isChecked(), false, "nothing optional is granted by itself");
  await mails.check();
  await page.getByRole("button", { name: t.consent.submit }).click();
  // It has settings: they come next.
  await page.waitForURL(/tab=settings/);
  await page.getByLabel(language === "en" ? "With each new ticket" : "对每张新工单").fill('{ "tag": "parcel" }');
  await page.getByRole("button", { name: t.save, exact: true }).click();
  await page.getByText(t.settings.saved(titleOf(name, language))).first().waitFor();
  await page.getByRole("button", { name: t.installs.enable, exact: true }).click();
  await page.getByText(t.installs.states.enabled, { exact: true }).first().waitFor();
  const { number } = await world.ticket(`Where is my parcel ${Date.now()}`);
  await until("it acts", async () => (await world.api("GET", `tickets/${number}`)).tags.includes("parcel"));
});

story("A version that needs more waits for consent, and the one that runs runs on until then", "需要更多权限的新版本等待授权，在此之前旧版本继续运行", async ({ page, world, language, t }) => {
  const name = world.nameOf("life", language);
  await world.api("POST", "plugins/packages?unsigned=true", world.package(name, "1.1.0", ONE_MORE_HOST), { "content-type": "application/vnd.oci.image.layout.v1+tar" });
  await page.goto(`${world.product.base}/settings/plugins`);
  const row = line(page, `stories/${name}`);
  await row.getByText(t.installs.waitsForConsent).waitFor();
  await row.getByText("1.0.0").waitFor();
  await row.getByRole("link").first().click();
  await page.getByRole("link", { name: t.installs.review }).click();
  const asked = page.locator("li", { hasText: t.callsHost("api.carrier.example") });
  await asked.getByText(t.consent.isNew, { exact: true }).waitFor();
  assert.equal(await page.getByRole("checkbox", { name: t.permissionNames.intake }).isChecked(), true, "what was granted before stays ticked");
  await page.getByRole("button", { name: t.consent.submitUpgrade("1.1.0") }).click();
  await page.getByText(`stories/${name}@1.1.0`).first().waitFor();
});

story("An upgrade is taken back, and the version before runs again", "撤销升级，先前的版本重新运行", async ({ page, world, language, t }) => {
  const name = world.nameOf("life", language);
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === `stories/${name}`);
  await page.goto(`${world.product.base}/settings/plugins/${install.id}?tab=versions`);
  await page.getByRole("button", { name: t.versions.back("1.0.0") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.versions.back("1.0.0") }).click();
  await page.getByText(`stories/${name}@1.0.0`).first().waitFor();
  const { number } = await world.ticket(`Parcel again ${Date.now()}`);
  await until("it acts again", async () => (await world.api("GET", `tickets/${number}`)).tags.includes("parcel"));
});

story("An admin finds a plugin in the marketplace, is offered the next version, and is told when it was taken back", "管理员在插件市场找到插件，收到新版本提示，版本被撤回时得到通知", async ({ page, world, language, t }) => {
  const name = world.nameOf("parcels", language);
  const title = titleOf(name, language);
  await world.publish(name, "1.0.0");
  await page.goto(`${world.product.base}/marketplace`);
  await page.getByLabel(t.market.search).fill(name);
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("button", { name: t.market.installVersion("1.0.0") }).first().click();
  await page.getByRole("button", { name: t.consent.submit }).click();
  await page.waitForURL(/tab=settings/);
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === `guichet/${name}`);
  await world.api("PUT", `plugins/${install.id}/settings`, { settings: { deed: "rest" } });
  await world.api("PUT", `plugins/${install.id}/enablement`);
  await world.publish(name, "1.1.0");
  await page.goto(`${world.product.base}/settings/plugins`);
  const row = line(page, `guichet/${name}`);
  await row.getByText(t.installs.offered("1.1.0")).waitFor();
  await row.getByRole("link").first().click();
  await page.getByRole("button", { name: t.installs.upgrade("1.1.0") }).click();
  await page.getByText(`guichet/${name}@1.1.0`).first().waitFor();
  await world.revoke(name, "1.1.0", "It tags the wrong parcels.");
  await page.reload();
  await page.getByText("It tags the wrong parcels.").first().waitFor();
  await page.getByText(t.installs.states.disabled, { exact: true }).first().waitFor();
});

story("What a guard refuses is told where it was wanted, and nothing that was written is lost", "检查拒绝的操作会在原处说明原因，已写内容不丢失", async ({ page, world, language, t }) => {
  const word = `Sealed-${language}-${Date.now()}`;
  // Its first message would be refused as well: the ticket is there before the guard.
  const { number } = await world.ticket(word);
  const install = await world.install(world.nameOf("guards", language), "1.0.0", { deed: "rest", guard: { subject: word } }, GUARD);
  await page.goto(`${world.product.base}/tickets/${number}`);
  await page.getByLabel(t.composer.writeReply).fill("Here is what you must not know.");
  await page.getByRole("button", { name: t.composer.sendReply }).click();
  await page.getByRole("alert").filter({ hasText: `has the word ${word}` }).waitFor();
  assert.equal(await page.getByLabel(t.composer.writeReply).inputValue(), "Here is what you must not know.");
  // The admin decides what becomes of changes when the check itself fails.
  await page.goto(`${world.product.base}/settings/plugins/${install}`);
  assert.equal(await page.getByRole("radio", { name: t.guard.closed }).isChecked(), true);
  await page.getByRole("radio", { name: t.guard.open }).check();
  await until("it is kept", async () => (await world.api("GET", `plugins/${install}`)).guard.on_failure === "open");
  await world.api("DELETE", `plugins/${install}`);
});

story("Plugins are put in order by keyboard and by mouse", "用键盘和鼠标调整插件的顺序", async ({ page, world, language, t }) => {
  const title = titleOf(world.nameOf("life", language), language);
  await page.goto(`${world.product.base}/settings/plugins`);
  const up = page.getByRole("button", { name: t.installs.up(title) });
  await up.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: title }).waitFor();
  await until("the focus went along", () => up.evaluate((button) => button === document.activeElement).catch(() => false));
  const rows = page.locator("tr[data-install]");
  const order = () => rows.evaluateAll((all) => all.map((row) => row.dataset.install));
  const [first, second] = await order();
  await rows.nth(0).dragTo(rows.nth(1));
  await until("the first stands second", async () => {
    const [now, next] = await order();
    return now === second && next === first;
  });
  await rows.nth(0).dragTo(rows.nth(1));
  await until("and first again", async () => (await order())[0] === first);
});

story("What a plugin could not handle is replayed when its cause is gone", "插件未能处理的事件在原因消除后重放", async ({ page, world, language, t }) => {
  const { install, number } = await world.failing(language);
  await until("it was given up", async () => (await world.api("GET", "dead-letters")).items.some((one) => one.install === install), 60_000);
  await world.api("PUT", `plugins/${install}/settings`, { settings: { deed: { tag: "at-last" } } });
  await page.goto(`${world.product.base}/settings/dead-letters`);
  const letter = page.locator("li", { hasText: `#${number}` }).filter({ hasText: `stories/${world.nameOf("fails", language)}` });
  await letter.getByRole("button", { name: new RegExp(t.deadLetters.replay) }).click();
  await letter.waitFor({ state: "detached" });
  assert.ok((await world.api("GET", `tickets/${number}`)).tags.includes("at-last"));
});

story("A plugin that fails too often is paused, and one that is held back catches up, without losing anything", "失败过多的插件会被暂停，暂缓的插件会补上，均不丢失任何内容", async ({ page, world, language, t }) => {
  const name = world.nameOf("breaks", language);
  const word = `Breaks-${language}-${Date.now()}`;
  const install = await world.install(name, "1.0.0", { deed: "fail" }, only(word));
  const numbers = [];
  const another = async () => numbers.push((await world.ticket(`${word} ${numbers.length}`)).number);
  for (let count = 0; count < 5; count++) await another();
  await until("it is paused", async () => (await world.api("GET", `plugins/${install}`)).paused, 30_000);
  await page.goto(`${world.product.base}/settings/plugins`);
  await line(page, `stories/${name}`).getByText(t.installs.pausedBadge).waitFor();
  await line(page, `stories/${name}`).getByRole("link").first().click();
  await page.getByText(t.installs.pausedHint).waitFor();
  await page.getByRole("button", { name: t.installs.tryNow }).waitFor();
  await isUsable(page, "while it is paused");
  await world.api("PUT", `plugins/${install}/settings`, { settings: { deed: { tag: "at-last" } } });
  const areTagged = async () => {
    const tickets = await Promise.all(numbers.map((number) => world.api("GET", `tickets/${number}`)));
    return tickets.every((ticket) => ticket.tags.includes("at-last"));
  };
  await until("it saw all of them", areTagged, 60_000);
  await page.reload();
  await page.getByRole("button", { name: t.installs.holdBack }).click();
  await page.getByRole("button", { name: t.installs.catchUp }).waitFor();
  await another();
  await isUsable(page, "while it is held back");
  await page.getByRole("button", { name: t.installs.catchUp }).click();
  await page.getByRole("button", { name: t.installs.holdBack }).waitFor();
  await until("it caught up", areTagged, 60_000);
  await world.api("DELETE", `plugins/${install}`);
});

story("Uninstalling says what is kept", "卸载时说明保留哪些数据", async ({ page, world, language, t }) => {
  const name = world.nameOf("life", language);
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === `stories/${name}`);
  await page.goto(`${world.product.base}/settings/plugins/${install.id}?tab=versions`);
  await page.getByRole("link", { name: t.versions.export }).waitFor();
  await page.getByRole("button", { name: t.versions.remove }).click();
  await page.getByRole("dialog").getByText(t.versions.removeHint).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: t.versions.remove }).click();
  await page.getByText(t.versions.removed(titleOf(name, language))).first().waitFor();
  await line(page, `stories/${name}`).waitFor({ state: "detached" });
});
