// The console's own texts: stories look for what people read, in the language they read.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { ROOT } from "./product.mjs";

const FROM = join(ROOT, "host/console/src/i18n");

async function translate(file, to) {
  const source = await readFile(join(FROM, file), "utf8");
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
  const plain = ts.transpileModule(source, { compilerOptions: options }).outputText.replace(/from "(\.[^"]+)"/g, 'from "$1.mjs"');
  const path = join(to, file.replace(/\.ts$/, ".mjs"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, plain);
}

/** `{ en, "zh-CN" }`. */
export async function load() {
  const to = join(tmpdir(), `guichet-texts-${process.pid}`);
  const files = (await readdir(FROM, { recursive: true })).filter((file) => /^(en|zh-CN)(\.ts|\/.*\.ts)$/.test(file));
  await Promise.all(files.map((file) => translate(file, to)));
  const [{ en }, { zhCN }] = await Promise.all([import(pathToFileURL(join(to, "en.mjs"))), import(pathToFileURL(join(to, "zh-CN.mjs")))]);
  await rm(to, { recursive: true, force: true });
  return { en, "zh-CN": zhCN };
}
