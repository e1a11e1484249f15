// What was promised to people, and what they may ask for: service levels and the catalog, as the demo has them.
import assert from "node:assert/strict";
import { isUsable, story, until } from "../src/story.mjs";

const WORDS = {
  en: {
    levels: "Service levels",
    stage: "Running",
    policy: /Policy Standard, version 1/,
    tryOut: "Try out",
    calendars: "Calendars",
    policies: "Policies",
    standard: "Standard",
    catalog: "Catalog",
    root: "End devices",
  },
  "zh-CN": {
    levels: "服务级别",
    stage: "计时中",
    policy: /策略：标准，版本 1/,
    tryOut: "试算",
    calendars: "日历",
    policies: "策略",
    standard: "标准",
    catalog: "服务目录",
    root: "终端",
  },
};

const STAGE = "guichet/sla/stage";

/** A ticket whose clocks run. */
async function promised(world, subject) {
  const { number } = await world.ticket(subject);
  await until("its clocks run", async () => (await world.api("GET", `tickets/${number}`)).fields[STAGE] === "running");
  return number;
}

const row = (page, subject) => page.getByRole("row").filter({ hasText: subject });

story("A list shows how each ticket stands with what was promised, and more to whoever points at it", "列表显示每个工单的服务级别状态，指向时显示更多", async ({ page, world, language }) => {
  const words = WORDS[language];
  const subject = `Promised ${language} ${Date.now()}`;
  await promised(world, subject);
  await page.goto(`${world.product.base}/?q=${encodeURIComponent(subject)}`);
  const cell = row(page, subject).getByRole("button", { name: words.stage });
  await cell.hover();
  const more = page.getByRole("group", { name: words.levels });
  await more.getByText(words.policy).waitFor();
  await isUsable(page, "a list with more about a ticket");
  await page.mouse.move(0, 0);
  await more.waitFor({ state: "detached" });
  // Whoever only points closes it with Escape, too; pressed, it stays.
  await cell.hover();
  await more.waitFor();
  await page.keyboard.press("Escape");
  await more.waitFor({ state: "detached" });
  await cell.click();
  await more.getByText(words.policy).click();
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.querySelector("[popover]:popover-open"));
  await page.keyboard.press("Escape");
  await more.waitFor({ state: "detached" });
  // By the keyboard: in with Enter, out with Escape, and on from where one was.
  await cell.focus();
  await page.keyboard.press("Enter");
  await more.getByText(words.policy).waitFor();
  await page.keyboard.press("Escape");
  await more.waitFor({ state: "detached" });
  assert.ok(await cell.evaluate((element) => element === document.activeElement), "the focus stays at the cell");
});

story("Beside a ticket its clocks are shown, and the page of service levels says what would be due when", "工单旁显示其时钟，服务级别页面可试算到期时间", async ({ page, world, language }) => {
  const words = WORDS[language];
  const number = await promised(world, `Clocks ${language} ${Date.now()}`);
  await page.goto(`${world.product.base}/tickets/${number}`);
  const beside = page.getByRole("region", { name: words.levels, exact: true });
  await beside.scrollIntoViewIfNeeded();
  await beside.getByText(words.policy).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: words.levels, exact: true }).click();
  await page.getByRole("tab", { name: words.policies }).waitFor();
  await page.getByRole("cell", { name: words.standard }).first().waitFor();
  await isUsable(page, "the page of service levels");
  await page.getByRole("tab", { name: words.calendars }).click();
  await isUsable(page, "its calendars");
  await page.getByRole("tab", { name: words.tryOut }).click();
  await isUsable(page, "its try-out");
});

story("The catalog of the demo is a tree that an admin looks through", "演示的服务目录是一棵可供管理员浏览的树", async ({ page, world, language }) => {
  const words = WORDS[language];
  await page.goto(`${world.product.base}/`);
  await page.getByRole("navigation").getByRole("link", { name: words.catalog, exact: true }).click();
  await page.getByRole("treeitem", { name: words.root }).first().waitFor();
  await isUsable(page, "the catalog");
});
