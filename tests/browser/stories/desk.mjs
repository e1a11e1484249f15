// An agent's day.
import assert from "node:assert/strict";
import { open } from "../src/browser.mjs";
import { isUsable, line, story, until } from "../src/story.mjs";

story("An agent signs in, and the wrong password is told without a word about which part was wrong", "客服登录；密码错误时只提示有误，不说明是哪一项", async ({ world, language, t }) => {
  const context = await open(world.browser, { language });
  const page = await context.newPage();
  await page.goto(`${world.product.base}/`);
  await page.getByLabel(t.signIn.email).fill(world.product.email);
  await page.getByLabel(t.signIn.password).fill("not this one");
  await page.getByRole("button", { name: t.signIn.submit }).click();
  await page.getByRole("alert").filter({ hasText: /./ }).waitFor();
  await isUsable(page, "the door");
  await page.getByLabel(t.signIn.password).fill(world.product.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
  await context.close();
});

story("A mail becomes a ticket, an agent answers it, and the answer tells how far it is on its way out", "来信成为工单，客服回复，回复显示发送进度", async ({ page, world, language, t }) => {
  const subject = `${language === "en" ? "Scanner jams" : "扫描仪卡纸"} ${Date.now()}`;
  await world.mail({ from: "Ana Torres <ana.torres@trade.example>", subject, text: "It jams at every second page." });
  await page.goto(`${world.product.base}/`);
  const row = line(page, subject);
  await until("the ticket is listed", async () => {
    if (await row.isVisible()) return true;
    await page.reload();
    return row.waitFor({ timeout: 2_000 }).then(() => true);
  });
  await row.getByRole("link", { name: subject }).click();
  await page.getByRole("heading", { level: 1, name: subject }).waitFor();
  await page.getByText("It jams at every second page.").waitFor();
  const answer = `Please open the rear flap. ${Date.now()}`;
  await page.getByLabel(t.composer.writeReply).fill(answer);
  await page.getByRole("button", { name: t.composer.sendReply }).click();
  await page.locator("li", { hasText: answer }).first().waitFor();
  assert.equal(await page.getByLabel(t.composer.writeReply).inputValue(), "", "what was sent is written no more");
  // The demo has no way out: the answer waits, and the mail that it would be can be had.
  const waiting = page.locator("li", { hasText: answer }).first();
  await waiting.getByText(t.delivery.because(t.delivery.states.waiting, t.delivery.reasons["no-way-out"])).waitFor();
  const kept = page.waitForEvent("download");
  await waiting.getByRole("link", { name: t.delivery.download }).click();
  await kept;
});

/** One red point. */
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==", "base64");

story("A formatted mail is shown as it came, runs nothing and fetches nothing from elsewhere", "带格式的邮件按原样显示，不运行脚本，也不从其他服务器加载内容", async ({ page, world, language, t }) => {
  const subject = `${language === "en" ? "Offer" : "报价单"} ${Date.now()}`;
  const html = `<p style="color:#b3261e"><b>Bold offer</b> <a href="https://shop.example/">shop</a></p><img src="cid:point@trade.example" alt="point"><img src="https://spy.example/pixel.gif" alt="spy">
    <script>document.title = "taken over"; parent.document.title = "taken over";</script><p onclick="parent.alert(1)">End of it</p>`;
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await world.mail({
    from: "Ana Torres <ana.torres@trade.example>",
    subject,
    text: "",
    parts: [
      { type: "text/html; charset=utf-8", content: html },
      { type: "image/png", content: PICTURE, more: "Content-ID: <point@trade.example>\r\nContent-Disposition: inline; filename=point.png\r\n" },
    ],
  });
  const found = await until("the ticket is there", async () => (await world.api("GET", "tickets")).items.find((one) => one.subject === subject));
  await page.goto(`${world.product.base}/tickets/${found.number}`);
  const frame = page.frameLocator("iframe");
  await frame.getByText("Bold offer").waitFor();
  await page.getByText(t.delivery.remoteHeld).waitFor();
  const picture = frame.locator("img");
  await until("the picture of the mail itself is shown", () => picture.first().evaluate((image) => image.complete && image.naturalWidth > 0));
  assert.equal(await frame.getByText("Bold offer").evaluate((bold) => getComputedStyle(bold).color), "rgb(179, 38, 30)", "it keeps its colours");
  await until("the frame is as high as what is in it", () => page.locator("iframe").evaluate((one) => one.contentDocument.body.scrollHeight <= one.clientHeight));
  assert.ok(!(await page.title()).includes("taken over"));
  assert.deepEqual(asked.filter((url) => url.includes("spy.example")), []);
  await page.getByRole("button", { name: t.delivery.plain }).click();
  await page.locator("iframe").waitFor({ state: "detached" });
});

story("An internal note stands out from what the customer reads", "内部备注与客户可见的回复明显不同", async ({ page, world, t }) => {
  const { number } = await world.ticket(`Note ${Date.now()}`);
  await page.goto(`${world.product.base}/tickets/${number}`);
  await page.getByLabel(t.composer.internalNote).check();
  await page.getByLabel(t.composer.writeNote).fill("Serial 4471, warranty until May.");
  await page.getByRole("button", { name: t.composer.addNote }).click();
  const note = page.locator("li.internal", { hasText: "Serial 4471" });
  await note.waitFor();
  await note.getByText(t.conversation.internalMessage, { exact: true }).waitFor();
});

story("What was half written survives leaving the page", "写到一半的内容离开页面后仍在", async ({ page, world, t }) => {
  const { number } = await world.ticket(`Draft ${Date.now()}`);
  await page.goto(`${world.product.base}/tickets/${number}`);
  await page.getByLabel(t.composer.writeReply).fill("Half a sentence");
  await page.getByRole("link", { name: t.tickets, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
  await page.goBack();
  await until("the draft is there", async () => (await page.getByLabel(t.composer.writeReply).inputValue()) === "Half a sentence");
});

story("What was sent is no draft any more, even if its page was left before it arrived", "已发送的内容不再是草稿，即使在送达之前离开了页面", async ({ page, world, t }) => {
  const { number } = await world.ticket(`Sent and left ${Date.now()}`);
  let arrive;
  const held = new Promise((done) => (arrive = done));
  await page.route(/\/messages$/, async (route) => {
    if (route.request().method() === "POST") await held;
    await route.continue();
  });
  await page.goto(`${world.product.base}/tickets/${number}`);
  await page.getByLabel(t.composer.writeReply).fill("On its way");
  await page.getByRole("button", { name: t.composer.sendReply }).click();
  await page.getByRole("link", { name: t.tickets, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
  // Whoever comes back meanwhile finds it, and cannot send it twice.
  await page.goBack();
  await page.getByLabel(t.composer.writeReply).waitFor();
  assert.equal(await page.getByRole("button", { name: t.composer.sendReply }).isDisabled(), true);
  await page.getByRole("link", { name: t.tickets, exact: true }).click();
  arrive();
  await page.getByText(t.composer.sent).waitFor();
  await page.goBack();
  await page.locator("li", { hasText: "On its way" }).first().waitFor();
  assert.equal(await page.getByLabel(t.composer.writeReply).inputValue(), "");
});

story("Without a mouse, an agent finds a ticket, answers it and solves it", "不用鼠标，客服也能找到工单、回复并解决", async ({ page, world, t }) => {
  const subject = `Keyboard ${Date.now()}`;
  await world.ticket(subject);
  await page.goto(`${world.product.base}/`);
  await line(page, subject).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")), "#main", "the first stop leads past the navigation");
  await page.keyboard.press("j");
  // The newest ticket stands first, whoever else makes some.
  await until("the cursor reaches the ticket", async () => {
    if ((await page.evaluate(() => document.activeElement?.textContent)) === subject) return true;
    await page.keyboard.press("j");
    return false;
  });
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: subject }).waitFor();
  await page.getByLabel(t.composer.writeReply).focus();
  await page.keyboard.type("Done by keys alone.");
  await page.keyboard.press("Control+Enter");
  await page.locator("li", { hasText: "Done by keys alone." }).first().waitFor();
  const solve = page.getByRole("button", { name: t.properties.solve, exact: true });
  await until("the button is reached", async () => {
    await page.keyboard.press("Tab");
    return solve.evaluate((button) => button === document.activeElement);
  });
  await page.keyboard.press("Space");
  await page.locator("h1 ~ .state.solved, .state.solved").first().waitFor();
});

story("An out-of-office reply rests in the suspended queue until an agent recovers it", "外出自动回复先进入搁置队列，由客服恢复", async ({ page, world, language, t }) => {
  const subject = `${language === "en" ? "Out of office" : "外出自动回复"} ${Date.now()}`;
  await world.mail({ from: "Peter Lang <peter.lang@trade.example>", subject, text: "I am away until Monday.", headers: "Auto-Submitted: auto-replied\r\n" });
  await until("it rests there", async () => {
    await page.goto(`${world.product.base}/suspended`);
    return page.getByRole("link", { name: subject }).waitFor({ timeout: 3_000 }).then(() => true);
  });
  await page.getByRole("link", { name: subject }).click();
  await page.getByRole("button", { name: t.queue.recover }).click();
  await page.getByRole("heading", { level: 1, name: subject }).waitFor();
  await page.waitForURL(/\/tickets\/\d+$/);
});

story("An admin rejects what nobody wants and blocks its sender, whose next mail becomes no ticket", "管理员拒绝无用的来信并屏蔽发件人，其后来信不再成为工单", async ({ page, world, language, t }) => {
  const subject = `${language === "en" ? "Win a cruise" : "赢取游轮之旅"} ${Date.now()}`;
  const address = `prizes-${Date.now()}@cruise.example`;
  const mail = (more) => world.mail({ from: `Prizes <${address}>`, subject, text: "Only today.", headers: more });
  const resting = () => world.api("GET", "suspended").then(({ items }) => items.find((one) => one.subject === subject));
  await mail("X-Spam-Flag: YES\r\n");
  const { id } = await until("it rests there", resting);
  await page.goto(`${world.product.base}/suspended/${id}`);
  await page.getByRole("button", { name: t.queue.block }).click();
  const dialog = page.getByRole("dialog", { name: t.queue.blockTitle });
  await dialog.getByText(t.queue.blockHint(address)).waitFor();
  await isUsable(page, "the question");
  await dialog.getByRole("button", { name: t.queue.blockSubmit, exact: true }).click();
  await page.getByText(t.queue.blocked(address)).waitFor();
  await page.waitForURL(/\/suspended$/);
  assert.equal(await resting(), undefined, "it is gone");
  await mail("");
  assert.equal((await until("the next one rests, too", resting)).reason, "blocklist");
});
