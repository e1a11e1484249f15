// What is written and not yet sent.
import assert from "node:assert/strict";
import { isUsable, story, until } from "../src/story.mjs";
import { answerOf, at, beside, deafWindow, said } from "../src/windows.mjs";

story("What was half written is there after a reload and in a new window, and two windows do not overwrite each other", "写到一半的内容在刷新后和新窗口中仍在，两个窗口不会互相覆盖", async ({ page, world, t }) => {
  const { number } = await world.ticket(`Half written ${Date.now()}`);
  await page.goto(at(world, number));
  await page.getByLabel(t.composer.internalNote).check();
  const note = (of) => of.getByLabel(t.composer.writeNote);
  await note(page).fill("Serial 4471");
  await page.reload();
  await until("the note is there", async () => (await note(page).inputValue()) === "Serial 4471");
  const second = await page.context().newPage();
  await second.goto(at(world, number));
  await until("it is in the new window, too", async () => (await note(second).inputValue()) === "Serial 4471");
  await note(second).fill("Serial 4471, warranty until May");
  await until("the first follows", async () => (await note(page).inputValue()) === "Serial 4471, warranty until May");
  await second.close();
  // A window that is told of nothing goes on from what it has.
  const deaf = await deafWindow(page);
  await deaf.goto(at(world, number));
  await until("the note is there", async () => (await note(deaf).inputValue()) === "Serial 4471, warranty until May");
  await note(page).fill("Warranty until June");
  await note(deaf).fill("Warranty until July");
  await deaf.getByText(t.composer.elsewhere).waitFor();
  await deaf.getByText("Warranty until June").waitFor();
  assert.equal(await note(page).inputValue(), "Warranty until June", "neither is lost");
  await deaf.getByRole("button", { name: t.composer.keepMine }).click();
  await until("it was chosen", async () => (await note(page).inputValue()) === "Warranty until July");
  await deaf.close();
});

story("What is written while two windows differ is there after a reload, and is asked about again", "两个窗口内容不一致时写下的内容在刷新后仍在，并会再次询问", async ({ page, world, t }) => {
  const { number } = await world.ticket(`In two minds ${Date.now()}`);
  await page.goto(at(world, number));
  const deaf = await deafWindow(page);
  await deaf.goto(at(world, number));
  const [mine, other] = [answerOf(deaf, t), answerOf(page, t)];
  await mine.waitFor();
  await other.fill("We come in June");
  await mine.fill("We come in July");
  await deaf.getByText(t.composer.elsewhere).waitFor();
  await mine.fill("We come in July, at ten");
  await deaf.reload();
  await until("it is there", async () => (await mine.inputValue()) === "We come in July, at ten");
  await deaf.getByText("We come in June").waitFor();
  assert.equal(await other.inputValue(), "We come in June", "neither is lost");
  await deaf.getByRole("button", { name: t.composer.keepMine }).click();
  await until("it was chosen", async () => (await other.inputValue()) === "We come in July, at ten");
  await deaf.reload();
  await until("it is the draft", async () => (await mine.inputValue()) === "We come in July, at ten");
  assert.equal(await deaf.getByText(t.composer.elsewhere).count(), 0, "nothing is asked any more");
  await deaf.close();
});

story("Where the browser has no room for a draft that is said once, and no other window is blamed", "浏览器无法保存草稿时提示一次，且不会误认为是其他窗口的改动", async ({ page, world, t }) => {
  const { number } = await world.ticket(`No room ${Date.now()}`);
  await page.goto(at(world, number));
  const mine = answerOf(page, t);
  await mine.fill("Serial 4471");
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
  });
  await mine.fill("Serial 4471, warranty until May");
  const told = page.getByRole("alert").getByText(t.composer.notKept);
  await told.waitFor();
  await mine.fill("Serial 4471, warranty until June");
  assert.equal(await told.count(), 1);
  assert.equal(await page.getByText(t.composer.elsewhere).count(), 0);
  await page.getByRole("button", { name: t.composer.sendReply }).click();
  await said(page, "Serial 4471, warranty until June").waitFor();
  await until("nothing is left to be sent", async () => (await mine.inputValue()) === "");
});

story("Whoever signs out hears what is not sent, may stay, and leaves none of it behind; a session that ended keeps it", "退出登录前会提示尚未发送的内容，可以选择留下，退出后不留痕迹；会话过期则予以保留", async ({ world, language, t }) => {
  const { number } = await world.ticket(`Not sent ${Date.now()}`);
  // Of her own, for signing out ends it everywhere.
  await beside(world, language, "Bo", async (page) => {
    const mine = answerOf(page, t);
    const isThere = () => until("the draft is there", async () => (await mine.inputValue()) === "Serial 4471");
    const kept = () => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("guichet-draft ")).length);
    await page.goto(at(world, number));
    await mine.fill("Serial 4471");
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    await page.reload();
    await page.getByLabel(t.signIn.email).waitFor();
    assert.equal(await kept(), 1);
    await page.context().addCookies(cookies);
    await page.goto(at(world, number));
    await isThere();

    const signOut = page.getByRole("banner").getByRole("button", { name: t.signOut, exact: true });
    const asked = page.getByRole("dialog", { name: t.unsent.title });
    await signOut.click();
    await asked.getByText(t.unsent.text(`#${number}`)).waitFor();
    await isUsable(page, "where it is asked");
    await asked.getByRole("button", { name: t.cancel, exact: true }).click();
    await asked.waitFor({ state: "detached" });
    await isThere();
    await signOut.click();
    await asked.getByRole("button", { name: t.signOut, exact: true }).click();
    await page.getByLabel(t.signIn.email).waitFor();
    assert.equal(await kept(), 0);
  });
});
