// Rules without writing any code.
import assert from "node:assert/strict";
import { isUsable, story, until } from "../src/story.mjs";

/** What the triggers' manifest calls things. */
const WORDS = {
  en: { rules: "Rule", name: "Name", created: "A ticket is created", all: "All of these hold", condition: "Condition", field: "Field", subject: "Subject", operator: "Operator", contains: "contains the text", value: "Value", action: "Action", tags: "Add tags", tagsField: "Tags" },
  "zh-CN": { rules: "规则", name: "名称", created: "工单创建", all: "满足全部条件", condition: "条件", field: "字段", subject: "主题", operator: "运算", contains: "含有文字", value: "值", action: "动作", tags: "添加标签", tagsField: "标签" },
};

story("An admin builds a rule by choosing, and it acts on the next ticket", "管理员通过选择建立规则，规则对下一张工单生效", async ({ page, world, language, t }) => {
  const w = WORDS[language];
  const stamp = Date.now();
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === "guichet/triggers");
  await page.goto(`${world.product.base}/settings/plugins/${install.id}?tab=settings`);
  await page.getByRole("button", { name: t.settings.addNamed(w.rules), exact: true }).click();
  const rule = page.locator("li.card").last();
  await rule.getByLabel(w.name, { exact: true }).fill(`Coffee ${stamp}`);
  await rule.getByLabel(w.created, { exact: true }).check();
  // Saving before it is whole tells what is missing, where it is missing.
  await page.getByRole("button", { name: t.save, exact: true }).click();
  await rule.getByText(t.settings.wrong.tooFew("1")).first().waitFor();
  await rule.getByRole("button", { name: t.settings.addNamed(w.condition), exact: true }).first().click();
  const condition = rule.locator("[data-pointer$='/all/0']").first();
  await condition.getByLabel(w.field, { exact: true }).selectOption({ label: w.subject });
  await condition.getByLabel(w.operator, { exact: true }).selectOption({ label: w.contains });
  await condition.getByLabel(w.value, { exact: true }).fill(`coffee ${stamp}`);
  await rule.getByRole("button", { name: t.settings.addNamed(w.action), exact: true }).click();
  const action = rule.locator("[data-pointer$='/actions/0']").first();
  await action.getByLabel(w.action, { exact: true }).selectOption({ label: w.tags });
  await action.getByLabel(t.settings.addTo(w.tagsField)).fill(`coffee-${stamp}`);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: t.save, exact: true }).click();
  await page.getByText(t.settings.unsaved).waitFor({ state: "detached" });
  const { number } = await world.ticket(`No more coffee ${stamp}`);
  await until("the rule acts", async () => (await world.api("GET", `tickets/${number}`)).tags.includes(`coffee-${stamp}`));
  // And the ticket tells which rule it was.
  await page.goto(`${world.product.base}/tickets/${number}`);
  await page.getByText(`Coffee ${stamp}`).first().waitFor();
});

story("Experts write settings as JSON, and are told what does not fit", "专家以 JSON 编写设置，并被告知何处不符", async ({ page, world, t }) => {
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === "guichet/triggers");
  await page.goto(`${world.product.base}/settings/plugins/${install.id}?tab=settings`);
  await page.getByRole("tab", { name: t.settings.json }).click();
  const field = page.getByLabel(t.settings.jsonLabel);
  const kept = await field.inputValue();
  await field.fill('{ "semantics": 1, "rules": [ { "name": "" } ] }');
  await page.getByText("/rules/0/name").waitFor();
  await field.fill(kept);
  await page.getByText(t.settings.fits).waitFor();
  assert.equal(await page.getByRole("button", { name: t.save, exact: true }).isDisabled(), true, "nothing has changed in the end");
});

story("Settings that are not saved yet survive a look at another page, and what cannot be read cannot be saved", "尚未保存的设置在查看其他页面后仍在；无法读取的内容不能保存", async ({ page, world, t }) => {
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === "guichet/triggers");
  const save = page.getByRole("button", { name: t.save, exact: true });
  await page.goto(`${world.product.base}/settings/plugins/${install.id}?tab=settings`);
  await page.getByRole("tab", { name: t.settings.json }).click();
  const field = page.getByLabel(t.settings.jsonLabel);
  const kept = await field.inputValue();
  await field.fill(`${kept},`);
  await page.getByText(t.settings.unread).waitFor();
  assert.equal(await save.isDisabled(), true);
  await field.fill("[]");
  await page.getByText(t.settings.wrong.type(t.settings.wrong.types.object)).waitFor();
  assert.equal(await save.isDisabled(), true);
  await page.getByRole("link", { name: t.tickets, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
  await page.goBack();
  await page.getByRole("tab", { name: t.settings.json }).click();
  assert.equal(await field.inputValue(), "[]");
  await page.getByRole("button", { name: t.settings.back }).click();
  assert.equal(await field.inputValue(), kept);
  assert.equal(await save.isDisabled(), true, "nothing has changed in the end");
});

/** What the manifest of e-mail calls things. */
const MAIL = {
  en: { mailbox: "Mailbox", address: "Address", incoming: "Incoming mail (IMAP)", server: "Server", port: "Port" },
  "zh-CN": { mailbox: "邮箱", address: "地址", incoming: "收信（IMAP）", server: "服务器", port: "端口" },
};

story("A mailbox and what is in it fold to a sentence, and what is wrong unfolds", "邮箱及其中的各组折叠为一句话，有误之处会展开", async ({ page, world, language, t }) => {
  const w = MAIL[language];
  const install = (await world.api("GET", "plugins")).items.find((one) => one.plugin === "guichet/email");
  await page.goto(`${world.product.base}/settings/plugins/${install.id}?tab=settings`);
  await page.getByRole("button", { name: t.settings.addNamed(w.mailbox), exact: true }).click();
  const card = page.locator("li.card").last();
  await card.getByLabel(w.address, { exact: true }).fill("folds@desk.example");
  const incoming = card.getByRole("group", { name: w.incoming });
  const port = incoming.getByLabel(w.port, { exact: true });
  assert.equal(await port.count(), 0, "what may be left as it is stands folded");
  await incoming.locator("summary").click();
  await incoming.getByLabel(w.server, { exact: true }).fill("imap.desk.example");
  await port.fill("70000");
  await incoming.locator("summary").click();
  await incoming.getByText("imap.desk.example").waitFor();
  await port.waitFor({ state: "detached" });
  await isUsable(page, "with a mailbox unfolded");
  await card.locator("summary").first().click();
  await incoming.waitFor({ state: "detached" });
  await card.getByText("imap.desk.example").waitFor();
  await page.getByRole("button", { name: t.save, exact: true }).click();
  await until("what is wrong has the focus", () => port.evaluate((node) => node === document.activeElement));
  await page.getByRole("button", { name: t.settings.back }).click();
  await card.getByText("folds@desk.example").waitFor({ state: "detached" });
});
