// What of the console's blocks is plain computing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadBlocks } from "./src/texts.mjs";

const { markdown, balanced, readable, moves } = await loadBlocks();
const inlines = (text) => markdown.inlines(text);
const text = (one) => ({ kind: "text", text: one });

test("Markdown is read into parts, lists within lists among them · Markdown 解析为各部分，包括嵌套列表", () => {
  const parts = markdown.parts("# Head\n\nA **b** *c* `d`\nand more\n\n1. one\n2. two\n   - in it\n\n> said\n\n```\n<x>\n```\n---");
  assert.deepEqual(parts.map((part) => part.kind), ["heading", "paragraph", "list", "quote", "code", "rule"]);
  assert.deepEqual(parts[1].inner.map((one) => one.kind), ["text", "strong", "text", "em", "text", "code", "break", "text"]);
  assert.equal(parts[2].items[1][1].kind, "list");
  assert.equal(parts[4].text, "<x>");
});

test("Only links to other servers and mailboxes are links, and none is within another · 仅指向其他服务器和邮箱的才是链接，且不嵌套", () => {
  for (const other of ["[a](javascript:x)", "[a](JAVASCRIPT:x)", "[a](data:text/html,x)", "[a](/t/demo)", "[a](//evil.example)", "<javascript:x>"]) {
    assert.ok(inlines(other).every((one) => one.kind === "text"), other);
  }
  assert.deepEqual(inlines("![a](https://evil.example/pixel.png)"), [text("a")]);
  assert.deepEqual(inlines("[a](mailto:a@b.example)"), [{ kind: "link", href: "mailto:a@b.example", inner: [text("a")] }]);
  const [link] = inlines("[https://bank.example/](https://evil.example/)");
  assert.deepEqual(link, { kind: "link", href: "https://evil.example/", inner: [text("https://bank.example/"), text(" (evil.example)")] });
  assert.deepEqual(inlines("See https://good.example/a.")[1], { kind: "link", href: "https://good.example/a", inner: [text("https://good.example/a")] });
});

test("No Markdown takes long, whatever is open in it · 任何 Markdown 都能很快解析", () => {
  const MS_MAX = 2_000;
  for (const part of ["*", "**", "`", "[", "![", ">", "> ", "*a ", "**a ", "[a](", "- ", "  - a\n", "http", "https://", "\\", "*`[", "_"]) {
    const begun = performance.now();
    markdown.parts(part.repeat(Math.floor(20_000 / part.length)));
    const spent = performance.now() - begun;
    assert.ok(spent < MS_MAX, `${part}: ${spent} ms`);
  }
});

test("Marks of direction end where they began, line by line, and data of the plugin's is left alone · 方向标记逐行闭合，插件数据保持不变", () => {
  assert.equal(balanced("plain"), "plain");
  assert.equal(balanced("\u202eabc"), "\u202eabc\u202c");
  assert.equal(balanced("\u2066a\u202eb"), "\u2066a\u202eb\u202c\u2069");
  assert.equal(balanced("a\u2069\u202cb"), "ab");
  assert.equal(balanced("\u202ea\nb"), "\u202ea\u202c\nb");
  const view = { blocks: [{ type: "button", text: "\u202ex", action: { action: "a", input: { text: "\u202ey" } } }, { type: "tree", nodes: [{ id: "\u202ez", title: "\u202ez" }] }] };
  const read = readable(view);
  assert.equal(read.blocks[0].text, "\u202ex\u202c");
  assert.equal(read.blocks[0].action.input.text, "\u202ey");
  assert.deepEqual(read.blocks[1].nodes[0], { id: "\u202ez", title: "\u202ez\u202c" });
});

test("A card goes one place further, into a shorter column to its end, and nowhere beyond the board · 卡片逐位移动，不超出看板", () => {
  const columns = [["a", "b", "c"], ["d"], []].map((cards, at) => ({ id: String(at), title: "", cards: cards.map((id) => ({ id, title: id })) }));
  const ids = (all) => all.map((column) => column.cards.map((card) => card.id).join(""));
  assert.deepEqual(moves.step(columns, { column: 0, index: 2 }, "ArrowRight"), { column: 1, index: 1 });
  assert.deepEqual(moves.step(columns, { column: 0, index: 2 }, "ArrowDown"), undefined);
  assert.deepEqual(moves.step(columns, { column: 0, index: 0 }, "ArrowLeft"), undefined);
  assert.deepEqual(ids(moves.moved(columns, { column: 0, index: 0 }, { column: 0, index: 2 })), ["bca", "d", ""]);
  assert.deepEqual(ids(moves.moved(columns, { column: 0, index: 1 }, { column: 2, index: 0 })), ["ac", "d", "b"]);
  assert.deepEqual(moves.spotOf(columns, "d"), { column: 1, index: 0 });
});
