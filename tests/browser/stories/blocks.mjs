// What plugins render, in the gallery where every block stands; and trees that nobody who means well would render.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { PHONE, DESKTOP } from "../src/browser.mjs";
import { isUsable, story, until } from "../src/story.mjs";
import { loadExamples } from "../src/texts.mjs";

const examples = await loadExamples();
const TREES = new URL("../views/drawn/", import.meta.url);

async function gallery(page, world) {
  await page.goto(`${world.product.base}/gallery`);
  await page.locator("#block-modal").waitFor();
}

/** What the gallery's examples say in that language. */
const viewOf = (language, block) => examples[language].find((one) => one.block === block).view;
const titles = (page, column) => page.locator("#block-board .column").nth(column).locator("[data-card]").evaluateAll((cards) => cards.map((card) => card.dataset.card));
const isThere = (page, column, cards) => until(`the cards ${cards}`, async () => (await titles(page, column)).join() === cards.join());

/** At once: typed line by line, a long text would take a browser many seconds. */
const paste = (field, text) =>
  field.evaluate((node, pasted) => {
    node.value = pasted;
    node.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);

story("The gallery draws every block, with its JSON beside it", "展示页绘制每一种组件，并附上对应的 JSON", async ({ page, world, language, t }) => {
  await gallery(page, world);
  for (const { block, view } of examples[language]) {
    const shown = page.locator(`#block-${block}`);
    await shown.getByText(t.gallery.about[block], { exact: true }).waitFor();
    assert.equal(await shown.getByText(t.blocks.broken).count() + await shown.getByText(t.blocks.unknown).count(), 0, `${block} is drawn`);
    await shown.getByText(t.gallery.json).click();
    assert.deepEqual(JSON.parse(await shown.locator("pre").last().textContent()), view);
  }
});

story("A card of a board is moved by mouse, and the plugin is told", "用鼠标移动看板卡片，插件会收到通知", async ({ page, world }) => {
  await gallery(page, world);
  await page.locator('[data-card="c3"]').dragTo(page.locator("#block-board .column").nth(2));
  await isThere(page, 2, ["c3"]);
  await page.locator('[data-card="c2"]').dragTo(page.locator('[data-card="c4"]'), { targetPosition: { x: 20, y: 3 } });
  await isThere(page, 1, ["c2", "c4"]);
  await isThere(page, 0, ["c1"]);
});

story("A card of a board is moved by keyboard, put back, and each step is read out", "用键盘移动看板卡片、放回原处，每一步都会朗读", async ({ page, world, language, t }) => {
  const { columns } = viewOf(language, "board").blocks[0];
  const [card] = columns[0].cards;
  const b = t.blocks.board;
  const says = (text) => page.locator("#block-board [aria-live]").getByText(text, { exact: true }).waitFor();
  await gallery(page, world);
  const grip = page.getByRole("button", { name: b.move(card.title), exact: true });
  await grip.focus();
  await page.keyboard.press("Space");
  await says(b.lifted(card.title, columns[0].title, "1", "3"));
  await page.keyboard.press("ArrowRight");
  await says(b.moved(card.title, columns[1].title, "1", "2"));
  await page.keyboard.press("ArrowDown");
  await says(b.moved(card.title, columns[1].title, "2", "2"));
  await page.keyboard.press("Escape");
  await says(b.cancelled(card.title, columns[0].title, "1", "3"));
  await isThere(page, 0, ["c1", "c2", "c3"]);
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await says(b.dropped(card.title, columns[2].title, "1", "1"));
  await isThere(page, 2, ["c1"]);
  await until("the focus stays at the card", () => grip.evaluate((node) => node === document.activeElement));
});

story("A form asks what depends on an answer only then, and tells what is wrong at its place", "表单仅在需要时询问相关内容，并在对应位置提示错误", async ({ page, world, language, t }) => {
  const { schema, submit } = viewOf(language, "form").blocks[0];
  const field = (name) => page.locator("#block-form").getByLabel(schema.properties[name].title, { exact: true });
  await gallery(page, world);
  assert.equal(await field("other").count(), 0);
  await field("carrier").selectOption({ index: 2 });
  await field("other").waitFor();
  const send = page.locator("#block-form").getByRole("button", { name: submit });
  await send.click();
  await page.locator("#block-form").getByText(t.settings.wrongCount("1")).waitFor();
  await field("other").fill("Couriers");
  await field("weight").fill("31");
  await send.click();
  await page.locator("#block-form").getByText(t.gallery.tooHeavy).waitFor();
  await until("the field that is wrong has the focus", () => field("weight").evaluate((node) => node === document.activeElement));
  // What is sent is what is asked, and nothing of what is not.
  const said = page.getByRole("status").getByText(t.gallery.sent("book", ""));
  const sent = async () => {
    await send.click();
    const text = await said.textContent();
    await page.getByRole("button", { name: t.dismiss }).click();
    await said.waitFor({ state: "detached" });
    return JSON.parse(text.slice(t.gallery.sent("book", "").length));
  };
  await field("weight").fill("12");
  assert.deepEqual(await sent(), { values: { carrier: "other", other: "Couriers", weight: 12 } });
  await field("insured").check();
  await field("value").fill("700");
  await field("carrier").selectOption({ index: 0 });
  await field("other").waitFor({ state: "detached" });
  assert.deepEqual(await sent(), { values: { carrier: "dpx", weight: 12, insured: true, value: 700 } });
});

story("Tabs, a menu, a tree and a dialog are used by keyboard alone", "仅用键盘即可操作选项卡、菜单、树和对话框", async ({ page, world, language, t }) => {
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const isAt = (what) => until("the focus is there", () => what.evaluate((node) => node === document.activeElement));
  await gallery(page, world);

  const tabs = page.locator("#block-tabs").getByRole("tab");
  await tabs.nth(1).focus();
  await press("ArrowRight");
  await isAt(tabs.nth(2));
  await page.locator("#block-tabs").getByRole("tabpanel").getByText(viewOf(language, "tabs").blocks[0].tabs[2].blocks[0].text).waitFor();
  await press("ArrowRight");
  await isAt(tabs.nth(0));

  const [menu] = viewOf(language, "menu").blocks;
  const button = page.locator("#block-menu").getByRole("button", { name: menu.text });
  await button.focus();
  await press("ArrowDown");
  const items = page.getByRole("menuitem");
  await isAt(items.nth(0));
  await isUsable(page, "with a menu open");
  await press("End");
  await isAt(items.nth(4));
  await press("Escape");
  await isAt(button);
  await press("ArrowDown", "ArrowDown", "Enter");
  await page.getByText(t.gallery.sent("print", "null")).waitFor();

  const nodes = page.locator("#block-tree").getByRole("treeitem");
  await nodes.nth(0).focus();
  await press("ArrowRight", "ArrowRight");
  assert.equal(await nodes.nth(1).getAttribute("aria-expanded"), "true");
  await press("ArrowDown", "ArrowDown", "ArrowDown");
  await isAt(nodes.nth(4));
  await press("ArrowUp", "Enter");
  await page.getByText(t.gallery.sent("show", '{"asset":"door"}')).waitFor();
  await press("ArrowLeft");
  await isAt(nodes.nth(0));

  const [modal] = viewOf(language, "modal").blocks;
  const opens = page.locator("#block-modal").getByRole("button", { name: modal.text });
  await opens.focus();
  await press("Enter");
  const dialog = page.getByRole("dialog", { name: modal.title });
  await dialog.waitFor();
  await isUsable(page, "with a dialog open");
  await press("Escape");
  await isAt(opens);
  await press("Enter");
  await dialog.getByLabel(modal.blocks[1].schema.properties.why.title).fill("Lost");
  await dialog.getByRole("button", { name: modal.blocks[1].submit }).click();
  await dialog.waitFor({ state: "detached" });
  await isAt(opens);
});

story("A link to another server says so wherever it stands, and what cannot be pressed says why", "指向其他服务器的链接无论在何处都会说明；无法操作的项会说明原因", async ({ page, world, t }) => {
  const away = { to: "link", url: "https://carrier.example/track" };
  const blocks = [
    { type: "menu", text: "Parcel", items: [{ text: "Track", go: away }, { text: "List", go: { to: "tickets" } }, { text: "Pay", go: away, disabled: "Not accepted yet" }] },
    { type: "tree", title: "Parts", nodes: [{ id: "a", title: "Box", go: away, nodes: [{ id: "b", title: "Label" }] }, { id: "c", title: "Shelf", go: { to: "tickets" } }] },
    { type: "button", text: "Refund", go: away, disabled: "Nothing was paid" },
    { type: "button", text: "Weigh", action: { action: "weigh" }, disabled: "The scale is away" },
  ];
  const press = (key) => page.keyboard.press(key);
  const isAt = (what) => until("the focus is there", () => what.evaluate((node) => node === document.activeElement));
  const own = page.locator("#block-own");
  const draw = async () => {
    await gallery(page, world);
    await paste(page.getByLabel(t.gallery.ownLabel), JSON.stringify({ blocks }));
    await page.getByRole("button", { name: t.gallery.draw, exact: true }).click();
    await own.getByRole("tree").waitFor();
  };
  /** The tab that pressing it opens; it is another server's, which nobody reaches from here. */
  const opened = async (how) => {
    const [tab] = await Promise.all([page.context().waitForEvent("page"), how()]);
    await tab.close();
  };

  await draw();
  const menu = own.getByRole("button", { name: "Parcel" });
  const items = own.getByRole("menuitem");
  await menu.focus();
  await press("ArrowDown");
  await isAt(items.nth(0));
  await own.getByRole("menuitem", { name: `Track ${t.blocks.newTab}` }).waitFor();
  await press("End");
  await isAt(own.getByRole("menuitem", { name: "Pay", exact: true, disabled: true, description: "Not accepted yet" }));
  await own.getByRole("menu").getByText("Not accepted yet").waitFor();
  await isUsable(page, "with a menu of links open");
  await press("Enter");
  await isAt(items.nth(2));
  await press("Home");
  for (const key of ["Enter", "Space"]) {
    await opened(() => press(key));
    await isAt(menu);
    await press("ArrowDown");
  }
  await press("Escape");

  const nodes = own.getByRole("treeitem");
  assert.deepEqual(await own.locator("a[target=_blank]").evaluateAll((links) => links.map((one) => one.rel)), ["noopener noreferrer"]);
  await own.getByRole("treeitem", { name: `Box ${t.blocks.newTab}` }).focus();
  await opened(() => press("Enter"));
  await nodes.first().locator(".mark").click();
  await own.getByRole("treeitem", { name: "Label" }).waitFor();
  await opened(() => nodes.first().getByText("Box").click());

  for (const [role, name, why] of [["link", "Refund", "Nothing was paid"], ["button", "Weigh", "The scale is away"]]) {
    const off = own.getByRole(role, { name, disabled: true, description: why });
    await off.focus();
    assert.ok((await own.getByText(why, { exact: true }).boundingBox()).width > 20, "the reason is seen");
    await press("Enter");
    await isAt(off);
  }
  await isUsable(page, "with a reason shown");

  await nodes.first().focus();
  for (const key of ["ArrowDown", "ArrowDown", "Space"]) await press(key);
  await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
  await draw();
  await menu.click();
  await items.nth(1).click();
  await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
});

story("A table is sorted and turned page by page, and its order is told", "表格可排序和翻页，并告知排序方式", async ({ page, world, language, t }) => {
  const [whole, paged] = viewOf(language, "table").blocks;
  await gallery(page, world);
  const table = page.locator("#block-table .table").first();
  const first = () => table.locator("tbody tr").first().locator("td").first().textContent();
  const weight = table.getByRole("columnheader", { name: whole.columns[3].title });
  await weight.getByRole("button").click();
  assert.equal(await weight.getAttribute("aria-sort"), "ascending");
  await weight.getByRole("button").click();
  assert.equal(await weight.getAttribute("aria-sort"), "descending");
  assert.equal((await first()).trim(), "PX-0012");
  await table.getByRole("button", { name: t.blocks.next }).click();
  assert.equal((await first()).trim(), "PX-0007");
  const other = page.locator("#block-table .table").nth(1);
  await other.getByRole("button", { name: t.blocks.next }).click();
  await other.getByText(t.blocks.pageOf("2", String(paged.pages.of))).waitFor();
});

story("What a plugin fails at is told in its own place, and what is asked first is asked", "插件出错只在其所在位置提示；需要确认的操作会先询问", async ({ page, world, language, t }) => {
  const buttons = viewOf(language, "button").blocks[0].blocks;
  const place = page.locator("#block-button");
  const named = (action) => place.getByRole("button", { name: buttons.find((one) => one.action?.action === action).text });
  await gallery(page, world);
  await named("fail").click();
  await place.getByRole("alert").getByText(t.gallery.fails).waitFor();
  assert.equal(await page.getByText(t.gallery.fails).count(), 1);
  await named("cancel").click();
  const { confirm } = buttons.find((one) => one.action?.action === "cancel").action;
  const dialog = page.getByRole("dialog", { name: confirm.title });
  await dialog.getByRole("button", { name: t.cancel }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByText(t.gallery.sent("cancel", "null")).count(), 0);
  await named("cancel").click();
  await dialog.getByRole("button", { name: t.blocks.confirm }).click();
  await page.getByText(t.gallery.sent("cancel", "null")).waitFor();
  const outside = place.getByRole("link", { name: new RegExp(buttons.find((one) => one.go?.to === "link").text) });
  assert.deepEqual([await outside.getAttribute("target"), await outside.getAttribute("rel")], ["_blank", "noopener noreferrer"]);
});

story("A place that waits says so, and one that fails names its plugin and tries again", "等待中的位置会说明情况；出错的位置会指明插件，并可重试", async ({ page, world, t }) => {
  await gallery(page, world);
  const place = page.locator("#waits");
  await place.getByRole("button", { name: t.gallery.slow }).click();
  await place.getByText(t.blocks.slow(t.gallery.plugin)).waitFor();
  await place.getByText(t.gallery.came).waitFor();
  await place.getByRole("button", { name: t.gallery.broken }).click();
  const failure = place.getByRole("alert");
  await failure.getByText(t.gallery.fails).waitFor();
  await failure.getByText(t.gallery.plugin).waitFor();
  await failure.getByRole("button", { name: t.retry }).click();
  await place.getByText(t.gallery.came).waitFor();
});

story("Hostile trees are drawn without harm: nothing runs, nothing leads astray, nothing is wider than the page", "恶意的视图也能无害显示：不执行任何内容，不误导，也不超出页面", async ({ page, world, t }) => {
  await gallery(page, world);
  const own = page.locator("#block-own");
  for (const file of (await readdir(TREES)).sort()) {
    await paste(page.getByLabel(t.gallery.ownLabel), await readFile(new URL(file, TREES), "utf8"));
    await page.getByRole("button", { name: t.gallery.draw, exact: true }).click();
    await own.locator("section.place[aria-busy=false]").waitFor({ state: "attached" });
    for (const summary of await own.locator("figure summary").all()) await summary.click();
    const found = await own.evaluate((node) => ({
      broken: window.broken,
      foreign: [...node.querySelectorAll("script, iframe, object, embed, img, style, link, base, meta")].length,
      handlers: [...node.querySelectorAll("*")].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith("on"))),
      links: [...node.querySelectorAll("a[href]")].map((one) => new URL(one.href)).filter(({ protocol }) => !["http:", "https:", "mailto:"].includes(protocol)).map(String),
      alone: [...node.querySelectorAll("a[href]")].filter((one) => one.origin !== location.origin && (one.target !== "_blank" || one.rel !== "noopener noreferrer")).length,
      wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      polluted: {}.polluted,
    }));
    assert.deepEqual(found, { broken: undefined, foreign: 0, handlers: [], links: [], alone: 0, wider: 0, polluted: undefined }, file);
    assert.equal(await own.getByText(t.blocks.broken).count(), 0, `all of ${file} is drawn`);
    await page.setViewportSize({ width: 320, height: PHONE.height });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${file} fits a small phone`);
    await page.setViewportSize(DESKTOP);
  }
  await page.getByLabel(t.gallery.ownLabel).fill("[1");
  await page.getByRole("button", { name: t.gallery.draw, exact: true }).click();
  await page.locator("form .problem", { hasText: "JSON" }).waitFor();
});
