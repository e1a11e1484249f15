// How an answer reaches the person who asked, seen while it is written.
import { isUsable, story } from "../src/story.mjs";
import { titleOf } from "../src/world.mjs";

const CHANNEL = `
[channel]
name = "api"
text-bytes-max = 40
window = { minutes = 60, messages = 2 }

[settings.properties.carries]
title = "How it carries"
x-title-zh-CN = "发送方式"
`;

story("Whoever writes an answer sees by which channel it goes, how much that carries, and what is left of its window", "撰写答复时可见发送渠道、长度上限以及剩余的答复时限", async ({ page, world, language, t }) => {
  const name = world.nameOf("carries", language);
  const install = await world.install(name, "1.0.0", { deed: "rest", carries: "well" }, CHANNEL);
  try {
    const { number } = await world.ticket(`Parcel by message ${Date.now()}`);
    const titles = (await world.api("GET", `tickets/${number}/channels`)).items.map((one) => one.plugin_title[language]);
    await page.goto(`${world.product.base}/tickets/${number}`);
    const reach = page.locator("form p[role=status]");
    await reach.filter({ hasText: t.reach.by(titleOf(name, language)) }).filter({ hasText: t.reach.left(2) }).waitFor();
    await isUsable(page, "a ticket whose channel has a window");
    const answer = page.getByLabel(t.composer.writeReply);
    await answer.fill("It is longer than this channel can carry at once.");
    await reach.filter({ hasText: t.reach.by(titles[1]) }).waitFor();
    await answer.fill("It left the depot.");
    await reach.filter({ hasText: t.reach.by(titleOf(name, language)) }).waitFor();
    await page.getByRole("button", { name: t.composer.sendReply }).click();
    await reach.filter({ hasText: t.reach.left(1) }).waitFor();
    await page.getByLabel(t.composer.internalNote).check();
    await reach.waitFor({ state: "detached" });
  } finally {
    await world.api("DELETE", `plugins/${install}`);
  }
});
