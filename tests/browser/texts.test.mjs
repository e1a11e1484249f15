// The console speaks both languages whole: what the compiler cannot see, such as the names of events, is compared here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./src/texts.mjs";

const texts = await load();

/** Every place that holds a text, and the text; a function is asked with its parameters' places. */
function* places(value, path = "") {
  if (typeof value === "function") yield [path, value(...["⟨1⟩", "⟨2⟩", "⟨3⟩", "⟨4⟩"])];
  else if (typeof value === "string") yield [path, value];
  else for (const [name, inner] of Object.entries(value)) yield* places(inner, `${path}/${name}`);
}

const english = new Map(places(texts.en));
const chinese = new Map(places(texts["zh-CN"]));

/** Names, and signs that are the same everywhere. */
const ALIKE = ["/channels/api", "/reports/save", "/settings/json"];

test("Both languages have the same texts · 两种语言的文本齐全", () => {
  assert.deepEqual([...english.keys()].filter((place) => !chinese.has(place)), [], "missing in Chinese");
  assert.deepEqual([...chinese.keys()].filter((place) => !english.has(place)), [], "missing in English");
});

test("Nothing is left untranslated · 没有遗漏的翻译", () => {
  const isPlain = (text) => /\p{L}/u.test(text.replace(/⟨\d⟩/g, ""));
  const same = [...english].filter(([place, text]) => isPlain(text) && text === chinese.get(place)).map(([place]) => place);
  assert.deepEqual(same.filter((place) => !ALIKE.includes(place)), []);
  const inEnglish = [...english].filter(([, text]) => /\p{Script=Han}/u.test(text)).map(([place]) => place);
  assert.deepEqual(inEnglish, []);
});

test("What is put into a text is in it in both languages · 文本中的变量在两种语言中一致", () => {
  const holes = (text) => [...new Set(text.match(/⟨\d⟩/g))].sort().join();
  const differing = [...english].filter(([place, text]) => holes(text) !== holes(chinese.get(place) ?? text)).map(([place]) => place);
  assert.deepEqual(differing, []);
});
