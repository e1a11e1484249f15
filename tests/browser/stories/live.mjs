// Several people at the same desk.
import assert from "node:assert/strict";
import { line, story, until } from "../src/story.mjs";
import { addTag, answerOf, at, beside, choiceOf, fail, holdBack, said, sayAt, urgencyOf } from "../src/windows.mjs";

story("What a colleague says and changes is there within moments, and moves nothing under the hands of whoever writes", "同事的消息和更改即刻出现，不会打扰正在输入的人", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Together ${Date.now()}`);
  await beside(world, language, "Bo", async (other) => {
    await page.goto(at(world, number));
    await other.goto(at(world, number));
    const mine = answerOf(page, t);
    await mine.fill("Half a sentence");
    await mine.evaluate((field) => field.setSelectionRange(4, 8));
    const where = () => mine.evaluate((field) => field.getBoundingClientRect().top);
    const before = await where();
    await sayAt(other, t, "I have the part here.");
    await said(page, "I have the part here.").waitFor();
    await page.getByRole("status").filter({ hasText: t.news.one("Bo") }).waitFor({ state: "attached" });
    const state = await mine.evaluate((field) => [field === document.activeElement, field.value, field.selectionStart, field.selectionEnd]);
    assert.deepEqual(state, [true, "Half a sentence", 4, 8]);
    const moved = Math.abs((await where()) - before);
    // Pages scroll by whole pixels.
    assert.ok(moved < 2, `the field is where it was, and not ${moved} pixels away`);
    await addTag(other, t, "from-bo");
    await page.getByRole("button", { name: t.properties.removeTag("from-bo") }).waitFor();
  });
});

story("A message that comes out of sight has a button that leads to it", "在视野之外到达的消息，有按钮可跳转", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`A long talk ${Date.now()}`, Array.from({ length: 120 }, (_, index) => `Line ${index}`).join("\n"));
  await beside(world, language, "Bo", async (other) => {
    await page.goto(at(world, number));
    await other.goto(at(world, number));
    await said(page, "Line 119").waitFor();
    await sayAt(other, t, "At the very end.");
    await page.getByRole("button", { name: t.news.show, exact: true }).click();
    await until("it has the focus", () => said(page, "At the very end.").evaluate((card) => card === document.activeElement));
    await until("it is in sight", () => said(page, "At the very end.").evaluate((card) => card.getBoundingClientRect().bottom <= innerHeight));
    await page.getByRole("button", { name: t.news.show, exact: true }).waitFor({ state: "detached" });
  });
});

story("Who else looks at a ticket is seen, and that they write, and that they have left", "可以看到还有谁在查看工单、谁在输入、谁已离开", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Two at once ${Date.now()}`);
  await page.goto(at(world, number));
  await answerOf(page, t).waitFor();
  const tells = (text) => page.getByRole("status").filter({ hasText: text });
  await beside(world, language, "Mei", async (other) => {
    await other.goto(at(world, number));
    await tells(t.presence.looks("Mei")).waitFor();
    await answerOf(other, t).pressSequentially("I think");
    await tells(t.presence.writes("Mei")).waitFor();
    await answerOf(other, t).fill("");
    await tells(t.presence.looks("Mei")).waitFor();
    await other.getByRole("link", { name: t.tickets, exact: true }).click();
    await tells(t.presence.looks("Mei")).waitFor({ state: "detached" });
    await other.goBack();
    await tells(t.presence.looks("Mei")).waitFor();
  });
  // Her window was closed.
  await tells(t.presence.looks("Mei")).waitFor({ state: "detached", timeout: 60_000 });
});

story("Who answers what somebody else has just answered is told to read that first, and loses nothing", "回复时若他人刚刚回复过，会提示先阅读，且不丢失任何内容", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Answered twice ${Date.now()}`);
  await beside(world, language, "Bo", async (other) => {
    await page.goto(at(world, number));
    await other.goto(at(world, number));
    const mine = answerOf(page, t);
    await mine.fill("Please restart it.");
    await holdBack(page, number);
    await sayAt(other, t, "Do not restart it!");
    await mine.press("Control+Enter");
    await page.getByRole("alert").filter({ hasText: t.composer.overtaken("Bo") }).waitFor();
    await said(page, "Do not restart it!").waitFor();
    assert.deepEqual(await mine.evaluate((field) => [field === document.activeElement, field.value]), [true, "Please restart it."]);
    const messages = () => world.api("GET", `tickets/${number}/messages`).then(({ items }) => items.map((one) => one.text));
    assert.ok(!(await messages()).includes("Please restart it."), "nothing was sent");
    await mine.fill("Please leave it on.");
    await page.getByRole("button", { name: t.composer.sendReply }).click();
    await said(page, "Please leave it on.").waitFor();
    await until("nothing is left to be sent", async () => (await mine.inputValue()) === "");
    assert.ok((await messages()).includes("Please leave it on."));
    assert.equal(await page.getByText(t.composer.overtaken("Bo")).count(), 0);
  });
});

story("Who changes what somebody else has just changed is asked; whatever else has changed does not matter", "更改他人刚改过的属性时会询问；其他改动互不影响", async ({ page, world, language, t }) => {
  const { number, impact, urgency } = await world.ticket(`Changed twice ${Date.now()}`);
  assert.deepEqual([impact, urgency], [3, 3], "nobody has judged it yet");
  const now = () => world.api("GET", `tickets/${number}`);
  const urgencyIs = (wanted) => until(`the urgency is ${wanted}`, async () => (await now()).urgency === wanted);
  await beside(world, language, "Bo", async (other) => {
    await page.goto(at(world, number));
    await other.goto(at(world, number));
    await urgencyOf(page, t).waitFor();

    // The same property, twice: first what was wanted, then what the other one made of it.
    await holdBack(page, number);
    await urgencyOf(other, t).selectOption("1");
    await urgencyIs(1);
    await urgencyOf(page, t).selectOption("2");
    const told = (theirs, mine) => page.getByRole("alert").filter({ hasText: t.conflict.told("Bo", t.fields.urgency, t.urgencies[theirs], t.urgencies[mine]) });
    await told(1, 2).waitFor();
    assert.equal((await now()).urgency, 1, "nothing was changed yet");
    await page.getByRole("button", { name: t.conflict.set(t.urgencies[2]) }).click();
    await urgencyIs(2);
    await told(1, 2).waitFor({ state: "detached" });
    await until("both see it", async () => (await urgencyOf(page, t).inputValue()) === "2" && (await urgencyOf(other, t).inputValue()) === "2");

    await holdBack(page, number);
    await urgencyOf(other, t).selectOption("4");
    await urgencyIs(4);
    await urgencyOf(page, t).selectOption("1");
    await told(4, 1).waitFor();
    await page.getByRole("button", { name: t.conflict.keep(t.urgencies[4]) }).click();
    await told(4, 1).waitFor({ state: "detached" });
    assert.equal((await now()).urgency, 4);
    assert.equal(await urgencyOf(page, t).inputValue(), "4");

    // Another property.
    await holdBack(page, number);
    await choiceOf(other, t.properties.impact).selectOption("1");
    await until("the impact is set", async () => (await now()).impact === 1);
    await urgencyOf(page, t).selectOption("3");
    await urgencyIs(3);
    assert.equal((await now()).impact, 1, "both hold");
    assert.equal(await page.getByText(t.stale).count(), 0);
  });
});

story("Tags that two people set at the same time are all there", "两人同时添加的标签全部保留", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Tagged twice ${Date.now()}`);
  await beside(world, language, "Bo", async (other) => {
    await page.goto(at(world, number));
    await other.goto(at(world, number));
    await addTag(page, t, "old");
    await other.getByRole("button", { name: t.properties.removeTag("old") }).waitFor();
    await holdBack(page, number);
    await addTag(other, t, "from-bo");
    await other.getByRole("button", { name: t.properties.removeTag("old") }).click();
    await until("it is gone", async () => !(await world.api("GET", `tickets/${number}`)).tags.includes("old"));
    await addTag(page, t, "from-lin");
    await page.getByRole("button", { name: t.properties.removeTag("from-bo") }).waitFor();
    const { tags } = await world.api("GET", `tickets/${number}`);
    assert.deepEqual(["from-bo", "from-lin", "old"].map((tag) => tags.includes(tag)), [true, true, false]);
    assert.equal(await page.getByText(t.stale).count(), 0);
  });
});

story("While there is no connection it is said; once it is back, what happened meanwhile is there", "断开连接时会提示；恢复后，期间发生的一切都会出现", async ({ page, world, t }) => {
  const { number } = await world.ticket(`Cut off ${Date.now()}`);
  await page.goto(at(world, number));
  await answerOf(page, t).waitFor();
  const lost = page.getByText(t.live.lost);
  await page.context().setOffline(true);
  await lost.waitFor({ timeout: 60_000 });
  await world.api("POST", `tickets/${number}/messages`, { visibility: "internal", text: "Said meanwhile" });
  await world.api("PUT", `tickets/${number}/tags`, { tags: ["meanwhile"] });
  await page.context().setOffline(false);
  await said(page, "Said meanwhile").waitFor();
  await page.getByRole("button", { name: t.properties.removeTag("meanwhile") }).waitFor();
  await lost.waitFor({ state: "detached" });
});

story("Where the window that hears for all of them falls asleep, another one hears, and what it slept through is there once it wakes", "负责接收通知的窗口休眠后由其他窗口接替，唤醒后错过的内容会出现", async ({ page, world, t }) => {
  const { number } = await world.ticket(`Asleep ${Date.now()}`);
  const first = await page.context().newPage();
  await first.goto(at(world, number));
  await answerOf(first, t).waitFor();
  await page.goto(at(world, number));
  await answerOf(page, t).waitFor();
  // While a browser shows this, nothing of the page runs.
  const sleep = first.waitForEvent("dialog");
  const slept = first.evaluate(() => alert("asleep"));
  const asleep = await sleep;
  await world.api("POST", `tickets/${number}/messages`, { visibility: "internal", text: "Said while it slept" });
  await said(page, "Said while it slept").waitFor({ timeout: 60_000 });
  await asleep.accept();
  await slept;
  await said(first, "Said while it slept").waitFor();
  await world.api("POST", `tickets/${number}/messages`, { visibility: "internal", text: "Said to both" });
  await Promise.all([page, first].map((one) => said(one, "Said to both").waitFor()));
  await first.close();
});

story("What could not be loaded in the background is loaded a little later", "后台加载失败的内容稍后会自动重新加载", async ({ page, world, language, t }) => {
  const stamp = Date.now();
  await world.ticket(`Late first ${stamp}`);
  await page.goto(`${world.product.base}/?${new URLSearchParams({ filter: `subject.contains("${stamp}")` })}`);
  await line(page, `Late first ${stamp}`).waitFor();
  await fail(page, /\/api\/v1\/tickets\?/, 3);
  await world.ticket(`Late second ${stamp}`);
  await line(page, `Late second ${stamp}`).waitFor({ timeout: 60_000 });

  const subject = `${language === "en" ? "Away until Friday" : "周五前不在"} ${stamp}`;
  await page.goto(`${world.product.base}/suspended`);
  await page.getByRole("heading", { level: 1, name: t.suspended }).waitFor();
  await page.locator("[aria-busy=true]").waitFor({ state: "detached" });
  await fail(page, /\/api\/v1\/suspended$/, 3);
  await world.mail({ from: "Peter Lang <peter.lang@trade.example>", subject, text: "I am away.", headers: "Auto-Submitted: auto-replied\r\n" });
  await page.getByRole("link", { name: subject }).waitFor({ timeout: 60_000 });
});

story("The pages of a customer and of the people follow what others change, and what is being typed stays", "客户页面和人员页面随他人的更改更新，正在输入的内容保持不变", async ({ page, world, t }) => {
  const stamp = Date.now();
  const name = (last) => `Ida ${last} ${stamp}`;
  const { requester } = await world.api("POST", "tickets", { subject: `Followed ${stamp}`, text: "Hello", requester: { name: name("Moor"), email: `ida.${stamp}@trade.example` } });
  const change = (last, locale) => world.api("PUT", `customers/${requester.id}`, { name: name(last), locale, groups: [] });
  await page.goto(`${world.product.base}/customers/${requester.id}`);
  await page.getByRole("heading", { level: 1, name: name("Moor") }).waitFor();
  const [typed, locale] = [t.customer.name, t.customer.locale].map((label) => page.locator("main form").getByLabel(label, { exact: true }));
  await change("Lang", "");
  await page.getByRole("heading", { level: 1, name: name("Lang") }).waitFor();
  await until("the form follows", async () => (await typed.inputValue()) === name("Lang"));
  await typed.fill(name("Weber"));
  await change("Lang", "de");
  await until("the rest follows", async () => (await locale.inputValue()) === "de");
  assert.equal(await typed.inputValue(), name("Weber"));

  await page.goto(`${world.product.base}/people`);
  await page.locator("tbody tr").first().waitFor();
  const agent = await world.api("POST", "agents", { name: `Noor ${stamp}`, email: `noor.${stamp}@desk.example`, role: "agent", password: "guichet-demo" });
  await page.locator("tbody tr", { hasText: `Noor ${stamp}` }).waitFor();
  const group = await world.api("POST", "groups", { name: `Night ${stamp}` });
  const shown = page.locator("details", { hasText: `Night ${stamp}` });
  await shown.locator("summary").click();
  await shown.getByText(t.groups.noMembers).waitFor();
  await world.api("PUT", `groups/${group.id}/members/${agent.id}`, { access: "change" });
  await shown.locator("li", { hasText: `Noor ${stamp}` }).waitFor();
});

story("A list follows what happens, and whoever is in it stays at the same ticket", "列表随时更新，正在浏览的人停留在原来的工单上", async ({ page, world, t }) => {
  const stamp = Date.now();
  const { number } = await world.ticket(`Followed first ${stamp}`);
  await world.ticket(`Followed second ${stamp}`);
  await page.goto(`${world.product.base}/?${new URLSearchParams({ filter: `subject.contains("${stamp}")` })}`);
  await line(page, `Followed second ${stamp}`).waitFor();
  const link = page.getByRole("link", { name: `Followed first ${stamp}` });
  await link.focus();
  await world.ticket(`Followed third ${stamp}`);
  await line(page, `Followed third ${stamp}`).waitFor();
  await world.api("PUT", `tickets/${number}/tags`, { tags: ["in-the-list"] });
  await line(page, `Followed first ${stamp}`).getByText("in-the-list").waitFor();
  assert.ok(await link.evaluate((one) => one === document.activeElement), "the focus is where it was");
  assert.equal(await page.locator("tbody tr").count(), 3);
  // Where more than a page is shown, nothing is put in its place before somebody asks for it.
  for (let count = 0; count < 50; count += 10) await Promise.all(Array.from({ length: 10 }, (_, index) => world.ticket(`Many ${count + index} of ${stamp}`)));
  await page.getByRole("button", { name: t.more, exact: true }).click();
  await until("all are shown", async () => (await page.locator("tbody tr").count()) === 53);
  await world.ticket(`Followed last ${stamp}`);
  await page.getByText(t.live.listChanged).waitFor();
  assert.equal(await page.getByRole("link", { name: `Followed last ${stamp}` }).count(), 0);
  await page.getByRole("button", { name: t.live.showList }).click();
  await line(page, `Followed last ${stamp}`).waitFor();
  await page.getByText(t.live.listChanged).waitFor({ state: "detached" });
});

story("What comes to rest in the suspended queue is there without looking again", "进入搁置队列的内容会自动出现", async ({ page, world, language, t }) => {
  const subject = `${language === "en" ? "Away until Monday" : "周一前不在"} ${Date.now()}`;
  await page.goto(`${world.product.base}/suspended`);
  await page.getByRole("heading", { level: 1, name: t.suspended }).waitFor();
  await page.locator("[aria-busy=true]").waitFor({ state: "detached" });
  await world.mail({ from: "Peter Lang <peter.lang@trade.example>", subject, text: "I am away.", headers: "Auto-Submitted: auto-replied\r\n" });
  await page.getByRole("link", { name: subject }).waitFor();
});
