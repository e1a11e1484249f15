// Modules of the console that need no browser: its texts, for stories look for what people read, and what is plain computing.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { ROOT } from "./product.mjs";

const FROM = join(ROOT, "host/console/src");

async function translate(file, to) {
  const source = await readFile(join(FROM, file), "utf8");
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
  const plain = ts.transpileModule(source, { compilerOptions: options }).outputText.replace(/from "(\.[^"]+)"/g, 'from "$1.mjs"');
  const path = join(to, file.replace(/\.ts$/, ".mjs"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, plain);
}

let folders = 0;

/** What the module `name` exports; `files` are it and all that it imports. */
async function module(name, files) {
  const to = join(tmpdir(), `guichet-console-${process.pid}-${++folders}`);
  await Promise.all(files.map((file) => translate(file, to)));
  const made = await import(pathToFileURL(join(to, name.replace(/\.ts$/, ".mjs"))));
  await rm(to, { recursive: true, force: true });
  return made;
}

/** `{ en, "zh-CN" }`. */
export async function load() {
  const all = (await readdir(join(FROM, "i18n"), { recursive: true })).map((file) => `i18n/${file}`);
  const of = (language) => all.filter((file) => file === `i18n/${language}.ts` || (file.startsWith(`i18n/${language}/`) && file.endsWith(".ts")));
  const [{ en }, { zhCN }] = [await module("i18n/en.ts", of("en")), await module("i18n/zh-CN.ts", of("zh-CN"))];
  return { en, "zh-CN": zhCN };
}

/** Filters as rows of name, operator and value. */
export const loadBuilder = () => module("views/builder.ts", ["views/builder.ts"]);

/** The gallery's examples, by language: what each block says there. */
export const loadExamples = async () => JSON.parse(await readFile(join(ROOT, "sdk/view/gallery.json"), "utf8"));

/** What needs no browser of the console's blocks: Markdown, marks of direction, moves of cards. */
export async function loadBlocks() {
  const [markdown, { balanced, readable }, moves] = await Promise.all([
    module("blocks/markdown.ts", ["blocks/markdown.ts", "blocks/links.ts"]),
    module("blocks/readable.ts", ["blocks/readable.ts"]),
    module("blocks/board/moves.ts", ["blocks/board/moves.ts"]),
  ]);
  return { markdown, balanced, readable, moves };
}

/** What needs no browser of how the console follows what others do: what it is told, how often it looks, what becomes of a wish that others got ahead of. */
export async function loadLive() {
  const [{ merge }, { Reader }, { coalesce }, { kept }] = await Promise.all(["merge.ts", "live/told.ts", "live/coalesce.ts", "kept.ts"].map((file) => module(file, [file])));
  return { merge, Reader, coalesce, kept };
}
