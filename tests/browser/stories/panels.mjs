// What plugins show in the console, and do there.
import assert from "node:assert/strict";
import { isUsable, story, until } from "../src/story.mjs";
import { titleOf, views } from "../src/world.mjs";

const VIEWS = {
  status: { name: "status", location: "ticket.sidebar", en: "Where the parcel is", zh: "包裹位置" },
  warning: { name: "warning", location: "ticket.banner", en: "Customs", zh: "海关" },
  trapped: { name: "trapped", location: "ticket.sidebar", en: "Tolls", zh: "通行费" },
  failing: { name: "failing", location: "ticket.sidebar", en: "Weight", zh: "重量" },
  slow: { name: "slow", location: "ticket.sidebar", en: "Route", zh: "路线" },
  booking: { name: "booking", location: "ticket.action", en: "Book a carrier", zh: "预约承运商" },
  orders: { name: "orders", location: "customer.sidebar", en: "Orders", zh: "订单" },
  board: { name: "board", location: "nav.page", en: "Parcel board", zh: "包裹看板" },
  today: { name: "today", location: "home.widget", en: "Parcels today", zh: "今日包裹" },
  week: { name: "week", location: "home.widget", en: "Parcels of the week", zh: "本周包裹" },
  accounts: { name: "accounts", location: "settings.page", en: "Carrier accounts", zh: "承运商账户" },
};

const WORDS = {
  en: { text: "It is in the depot.", week: "Twelve are on their way.", tag: "Tag it", tagged: "It was tagged.", empty: "No accounts yet" },
  "zh-CN": { text: "包裹在仓库。", week: "十二件在途。", tag: "打标签", tagged: "已打标签。", empty: "尚无账户" },
};

const called = (view, language) => VIEWS[view][language === "en" ? "en" : "zh"];
const text = (language) => ({ blocks: [{ type: "text", text: WORDS[language].text }] });
const button = (language, tag) => ({ type: "button", text: WORDS[language].tag, action: { action: "tag", input: { tag } } });

/** A plugin that shows this, by view, as long as the story goes on. */
async function showing(world, language, what, shows, tell) {
  const name = world.nameOf(what, language);
  const settings = { deed: "rest", shows, answers: { tag: { toast: { text: WORDS[language].tagged } }, lead: { toast: { text: WORDS[language].tagged }, go: { to: "tickets" } }, end: { view: { blocks: [] } } } };
  const install = await world.install(name, "1.0.0", settings, views(Object.keys(shows).map((view) => VIEWS[view])));
  try {
    await tell({ install, plugin: titleOf(name, language) });
  } finally {
    await world.api("DELETE", `plugins/${install}`);
  }
}

/** A panel is rendered when it is seen: whoever wants it goes there. */
async function panel(page, language, view) {
  await page.getByRole("heading", { name: called(view, language), exact: true }).scrollIntoViewIfNeeded();
  return page.getByRole("region", { name: called(view, language), exact: true });
}

const isTagged = (world, number, tag) => until("the ticket is tagged", async () => (await world.api("GET", `tickets/${number}`)).tags.includes(tag));

story("A panel beside a ticket is drawn, and what is done in it is seen on the ticket", "工单侧边会显示面板，在其中执行的操作随即显示在工单上", async ({ page, world, language }) => {
  const { number, requester } = await world.ticket(`Parcel ${Date.now()}`);
  const tag = `depot-${Date.now()}`;
  const shows = { status: { blocks: [...text(language).blocks, button(language, tag)] }, warning: text(language), orders: text(language) };
  await showing(world, language, "beside", shows, async () => {
    await page.goto(`${world.product.base}/tickets/${number}`);
    const banner = page.getByRole("region", { name: called("warning", language), exact: true });
    await banner.getByText(WORDS[language].text).waitFor();
    const beside = await panel(page, language, "status");
    await beside.getByText(WORDS[language].text).waitFor();
    await beside.getByRole("button", { name: WORDS[language].tag }).click();
    await page.getByText(WORDS[language].tagged).waitFor();
    await isTagged(world, number, tag);
    await page.getByRole("complementary").getByText(tag, { exact: true }).waitFor();
    await beside.getByText(WORDS[language].text).waitFor();
    await isUsable(page, "a ticket with panels");
    await page.goto(`${world.product.base}/customers/${requester.id}`);
    const orders = await panel(page, language, "orders");
    await orders.getByText(WORDS[language].text).waitFor();
    await isUsable(page, "a customer with a panel");
  });
});

story("Panels that fail and one that is slow say so in their own places, and the rest of the page works", "出错和缓慢的面板只在各自的位置提示，页面其余部分正常工作", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Broken parcel ${Date.now()}`);
  const shows = { trapped: "trap", failing: "error", slow: "slow", status: text(language) };
  await showing(world, language, "ill", shows, async ({ plugin }) => {
    await page.goto(`${world.product.base}/tickets/${number}`);
    for (const view of ["trapped", "failing", "slow"]) {
      const failure = (await panel(page, language, view)).getByRole("alert");
      await failure.getByText(plugin, { exact: true }).waitFor();
      await failure.getByRole("button", { name: t.retry }).waitFor();
    }
    const well = await panel(page, language, "status");
    await well.getByText(WORDS[language].text).waitFor();
    await isUsable(page, "with panels that failed");
    // Tried again, it fails again, and says so again.
    const again = (await panel(page, language, "failing")).getByRole("button", { name: t.retry });
    await again.click();
    await again.waitFor();
    await page.getByLabel(t.composer.writeReply).fill("It goes on.");
    await page.getByRole("button", { name: t.composer.sendReply }).click();
    await page.locator("#panel-conversation li").getByText("It goes on.").waitFor();
  });
});

story("A plugin's page stands in the navigation as long as the plugin is enabled, and its settings page beside its settings", "插件启用期间，其页面显示在导航中，设置页面显示在其设置旁", async ({ page, world, language, t }) => {
  const shows = { board: text(language), accounts: { blocks: [{ type: "empty", title: WORDS[language].empty }] } };
  await showing(world, language, "pages", shows, async ({ install }) => {
    const entry = page.getByRole("navigation", { name: t.mainNavigation }).getByRole("link", { name: called("board", language), exact: true });
    await page.goto(`${world.product.base}/`);
    await entry.click();
    await page.getByRole("heading", { level: 1, name: called("board", language) }).waitFor();
    await page.getByRole("main").getByText(WORDS[language].text).waitFor();
    assert.equal(await entry.getAttribute("aria-current"), "page");
    assert.ok((await page.title()).startsWith(called("board", language)));
    await isUsable(page, "a plugin's page");
    // Its address stands for itself; and a view that stands elsewhere has none.
    await page.reload();
    await page.getByRole("main").getByText(WORDS[language].text).waitFor();
    await page.goto(`${world.product.base}/pages/${install}/accounts`);
    await page.getByRole("heading", { level: 1, name: t.notFound }).waitFor();

    await page.goto(`${world.product.base}/settings/plugins/${install}`);
    await page.getByRole("link", { name: called("accounts", language), exact: true }).click();
    await page.getByText(WORDS[language].empty).waitFor();
    await isUsable(page, "a plugin's settings page");
    await page.getByRole("button", { name: t.installs.disable, exact: true }).click();
    await entry.waitFor({ state: "detached" });
    await page.getByRole("button", { name: t.installs.enable, exact: true }).click();
    await entry.waitFor();
  });
});

story("A view is opened from a ticket's menu, and what is done in it closes it", "从工单的菜单打开视图，执行操作后随即关闭", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Book a parcel ${Date.now()}`);
  const tag = `booked-${Date.now()}`;
  const shows = { booking: { blocks: [...text(language).blocks, button(language, tag)] } };
  await showing(world, language, "opens", shows, async () => {
    await page.goto(`${world.product.base}/tickets/${number}`);
    await page.getByText(t.ends.more, { exact: true }).click();
    const entry = page.getByRole("button", { name: `${called("booking", language)}…` });
    await entry.click();
    const dialog = page.getByRole("dialog", { name: called("booking", language) });
    await dialog.getByText(WORDS[language].text).waitFor();
    await isUsable(page, "with a plugin's dialog open");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await until("the focus is back", () => entry.evaluate((node) => node === document.activeElement));
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: WORDS[language].tag }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(WORDS[language].tagged).waitFor();
    await isTagged(world, number, tag);
    await page.getByRole("complementary").getByText(tag, { exact: true }).waitFor();
  });
});

story("A widget stands above the list of tickets; folded away, it stays so in this browser", "小组件显示在工单列表上方；折叠后在此浏览器中保持折叠", async ({ page, world, language }) => {
  const shows = { today: text(language), week: { blocks: [{ type: "text", text: WORDS[language].week }] } };
  await showing(world, language, "widgets", shows, async ({ install }) => {
    const says = page.getByText(WORDS[language].text);
    const other = page.getByText(WORDS[language].week);
    const summary = page.locator("summary", { hasText: called("today", language) });
    await page.goto(`${world.product.base}/`);
    await says.waitFor();
    await other.waitFor();
    await page.locator("tbody tr").first().waitFor();
    await isUsable(page, "tickets with widgets");
    await summary.click();
    await says.waitFor({ state: "hidden" });
    const asked = [];
    page.on("request", (request) => request.url().includes(`/panels/${install}/`) && asked.push(request.url().split("/").at(-2)));
    await page.reload();
    // The one beside it stands open and has come: by then, both were asked for that are.
    await other.waitFor();
    await summary.waitFor();
    assert.deepEqual([await says.count(), asked], [0, ["week"]], "what is folded away is not asked for");
    await summary.press("Enter");
    await says.waitFor();
    // Folded again, it keeps what it shows.
    await summary.press("Enter");
    await says.waitFor({ state: "hidden" });
    await summary.press("Enter");
    await says.waitFor();
    assert.deepEqual(asked, ["week", "today"], "it is asked for once");
    await page.reload();
    await says.waitFor();
    // It is kept at once: whoever folds it and leaves in the same moment finds it folded, too.
    await Promise.all([page.waitForEvent("load"), summary.evaluate((node) => (node.click(), location.reload()))]);
    await other.waitFor();
    assert.equal(await says.count(), 0);
  });
});

story("An answer that comes when its page was left is told there, and takes nobody along", "离开页面后才到的应答只会提示，不会带人跳转", async ({ page, world, language, t }) => {
  const { number } = await world.ticket(`Left parcel ${Date.now()}`);
  const shows = { status: { blocks: [{ type: "button", text: WORDS[language].tag, action: { action: "lead" } }] } };
  await showing(world, language, "leads", shows, async () => {
    const press = async () => {
      await page.goto(`${world.product.base}/tickets/${number}`);
      await (await panel(page, language, "status")).getByRole("button", { name: WORDS[language].tag }).click();
    };
    await press();
    await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();

    // The plugin takes its time, and somebody does not wait for it.
    let answer;
    const held = new Promise((done) => (answer = done));
    await page.route("**/panels/*/status/actions", async (route) => {
      await held;
      await route.continue();
    });
    await press();
    await page.getByRole("link", { name: t.customers, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: t.customers }).waitFor();
    answer();
    await page.getByRole("status").getByText(WORDS[language].tagged).waitFor();
    await page.getByRole("heading", { level: 1, name: t.customers }).waitFor();
    assert.ok(page.url().endsWith("/customers"));
  });
});

story("A banner that was answered goes, and the keyboard goes on at its place", "横幅处理完毕后消失，键盘从原处继续", async ({ page, world, language }) => {
  const { number } = await world.ticket(`Customs of a parcel ${Date.now()}`);
  const end = { type: "button", text: WORDS[language].tag, action: { action: "end" } };
  const modal = { type: "modal", text: WORDS[language].tagged, title: WORDS[language].text, blocks: [end] };
  for (const block of [end, modal]) {
    await showing(world, language, "ends", { warning: { blocks: [block] } }, async () => {
      await page.goto(`${world.product.base}/tickets/${number}`);
      const banner = page.getByRole("region", { name: called("warning", language), exact: true });
      await banner.getByRole("button", { name: block.text }).focus();
      // What it would say anew, now that something was done, takes its time.
      await page.route("**/panels/*/warning/rendering", () => {});
      await page.keyboard.press("Enter");
      if (block === modal) {
        await page.getByRole("dialog").getByRole("button", { name: end.text }).focus();
        await page.keyboard.press("Enter");
      }
      await banner.waitFor({ state: "hidden" });
      await until("the focus stays at its place", () => page.evaluate(() => document.activeElement.matches(".banners")));
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement.closest(".columns") !== null), "what follows it is next");
      await page.unroute("**/panels/*/warning/rendering");
    });
  }
});

story("Before anybody consents, it is said what a plugin shows, and where", "授权之前，会说明插件显示什么内容、显示在何处", async ({ page, world, language, t }) => {
  const shown = [VIEWS.status, VIEWS.board, VIEWS.accounts];
  const body = world.package(world.nameOf("tells", language), "1.0.0", views(shown));
  const install = await world.api("POST", "plugins/packages?unsigned=true", body, { "content-type": "application/vnd.oci.image.layout.v1+tar" });
  await page.goto(`${world.product.base}/settings/plugins/${install.id}/consent`);
  await page.getByRole("heading", { name: t.does.views, exact: true }).waitFor();
  for (const { name, location } of shown) await page.locator("li", { hasText: called(name, language) }).getByText(t.does.locations[location]).waitFor();
  await world.api("DELETE", `plugins/${install.id}`);
});
