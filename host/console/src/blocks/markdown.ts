// A safe part of Markdown, read into a tree that elements are made of. Text stays text: there is no way from it to markup. Each character is looked at a
// bounded number of times, and what is open at the end was text.
import { safeLink } from "./links";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em"; inner: Inline[] }
  | { kind: "link"; href: string; inner: Inline[] }
  | { kind: "break" };

export type Part =
  | { kind: "paragraph"; inner: Inline[] }
  | { kind: "heading"; inner: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "rule" }
  | { kind: "quote"; inner: Part[] }
  | { kind: "list"; isOrdered: boolean; start: number; items: Part[][] };

const SCHEMES = ["https:", "http:", "mailto:"] as const;
const LEVELS_MAX = 6;
const LINK = /^\[([^\]\n]{1,500})\]\(([^()\s]{1,2000})\)/u;
const IMAGE = /^!\[([^\]\n]{0,500})\]\([^()\s]{0,2000}\)/u;
const PICTURE = /^\[!\[([^\]\n]{0,500})\]\([^()\s]{0,2000}\)\]\(([^()\s]{1,2000})\)/u;
const ADDRESS = /^https?:\/\/[^\s<>"'`*\u0080-\u009f]{1,2000}/u;

/** Emphasis, code and links within a line or a paragraph. */
export function inlines(text: string, level = 0): Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const put = (one: Inline) => {
    if (plain) found.push({ kind: "text", text: plain });
    plain = "";
    found.push(one);
  };
  for (let at = 0; at < text.length; ) {
    const [one, length] = inlineAt(text, at, level);
    if (one) put(one);
    else plain += text.slice(at, at + length);
    at += length;
  }
  if (plain) found.push({ kind: "text", text: plain });
  return found;
}

/** What begins there and how long it is; nothing, if it is text. */
function inlineAt(text: string, at: number, level: number): [Inline | undefined, number] {
  const sign = text[at];
  const inside = (length: number): string | undefined => {
    const mark = text.slice(at, at + length);
    const end = text.indexOf(mark, at + length);
    if (end <= at + length || level >= LEVELS_MAX) return undefined;
    const inner = text.slice(at + length, end);
    return inner.trim() === inner ? inner : undefined;
  };
  if (sign === "\n") return [{ kind: "break" }, 1];
  if (sign === "\\" && /[\\`*_[\]()#>!-]/u.test(text[at + 1] ?? "")) return [{ kind: "text", text: text[at + 1] ?? "" }, 2];
  if (sign === "`") {
    const code = inside(1);
    return code === undefined ? [undefined, 1] : [{ kind: "code", text: code }, code.length + 2];
  }
  if (sign === "*") {
    const length = text[at + 1] === "*" ? 2 : 1;
    const inner = inside(length);
    return inner === undefined ? [undefined, length] : [{ kind: length === 2 ? "strong" : "em", inner: inlines(inner, level + 1) }, inner.length + 2 * length];
  }
  if (sign === "!" && text[at + 1] === "[") {
    const [whole, alternative] = IMAGE.exec(text.slice(at, at + 2_600)) ?? [];
    return whole === undefined ? [undefined, 1] : [{ kind: "text", text: alternative ?? "" }, whole.length];
  }
  if (sign === "[") return linkAt(text.slice(at, at + 2_600), level);
  if (sign === "h" && level < LEVELS_MAX && !/[\p{L}\d]/u.test(text[at - 1] ?? " ")) {
    const [whole] = ADDRESS.exec(text.slice(at, at + 2_100)) ?? [];
    const address = whole?.replace(/[.,;:!?)\]]+$/u, "");
    const href = address && safeLink(address, SCHEMES);
    return address && href ? [{ kind: "link", href, inner: [{ kind: "text", text: address }] }, address.length] : [undefined, 1];
  }
  // All that is plain until the next sign, at once.
  const plain = /^[^\n\\`*![h]+/u.exec(text.slice(at, at + 1_000))?.[0].length ?? 1;
  return [undefined, plain];
}

function linkAt(text: string, level: number): [Inline | undefined, number] {
  // A picture that leads somewhere is its text, which does.
  const [whole, inner, url] = PICTURE.exec(text) ?? LINK.exec(text) ?? [];
  const href = url && safeLink(url, SCHEMES);
  // A link that leads nowhere is what stands there.
  if (!whole || !inner || !href || level >= LEVELS_MAX) return [undefined, 1];
  return [{ kind: "link", href, inner: [...inlines(inner, LEVELS_MAX), ...honest(inner, href)] }, whole.length];
}

/** Where the text says one server and the link leads to another, that one is named. */
function honest(text: string, href: string): Inline[] {
  const said = /^\s*(?:https?:\/\/|www\.)([^/\s?#]+)/iu.exec(text)?.[1];
  const { host } = new URL(href);
  return said === undefined || said.replace(/^www\./u, "") === host.replace(/^www\./u, "") ? [] : [{ kind: "text", text: ` (${host})` }];
}

const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])[ \t]+(.*)$/u;
const indentOf = (line: string) => line.length - line.trimStart().length;

/** The whole text. */
export function parts(text: string, level = 0): Part[] {
  return partsOf(text.replace(/\r\n?/gu, "\n").split("\n"), level);
}

function partsOf(lines: string[], level: number): Part[] {
  const found: Part[] = [];
  let at = 0;
  const take = (isMine: (line: string) => boolean): string[] => {
    const begun = at;
    while (at < lines.length && isMine(lines[at] ?? "")) at++;
    return lines.slice(begun, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const item = ITEM.exec(line);
    if (line.trim() === "") at++;
    else if (line.startsWith("```")) {
      at++;
      found.push({ kind: "code", text: take((one) => !one.startsWith("```")).join("\n") });
      at++;
    } else if (/^#{1,6} /u.test(line)) {
      found.push({ kind: "heading", inner: inlines(line.replace(/^#+ +/u, "")) });
      at++;
    } else if (/^(-{3,}|\*{3,})\s*$/u.test(line)) {
      found.push({ kind: "rule" });
      at++;
    } else if (line.startsWith(">") && level < LEVELS_MAX) {
      const quoted = take((one) => one.startsWith(">")).map((one) => one.replace(/^> ?/u, ""));
      found.push({ kind: "quote", inner: partsOf(quoted, level + 1) });
    } else if (item && level < LEVELS_MAX) {
      found.push(listOf(take, item, level));
    } else {
      found.push({ kind: "paragraph", inner: inlines(take((one) => one.trim() !== "" && (one === line || !isBegin(one))).join("\n")) });
    }
  }
  return found;
}

const isBegin = (line: string) => /^(```|#{1,6} |>)/u.test(line) || ITEM.test(line);

/** Items of one kind, with what stands further in. */
function listOf(take: (isMine: (line: string) => boolean) => string[], first: RegExpExecArray, level: number): Part {
  const isOrdered = /\d/u.test(first[2] ?? "");
  const items: string[][] = [];
  const isMine = (line: string) => {
    const item = ITEM.exec(line);
    if (item && (item[1]?.length ?? 0) <= (first[1]?.length ?? 0)) return /\d/u.test(item[2] ?? "") === isOrdered;
    return line.trim() !== "" && indentOf(line) >= 2;
  };
  for (const line of take(isMine)) {
    const item = ITEM.exec(line);
    if (item && (item[1]?.length ?? 0) <= (first[1]?.length ?? 0)) items.push([item[3] ?? ""]);
    else items.at(-1)?.push(line.slice(Math.min(indentOf(line), isOrdered ? 3 : 2)));
  }
  return { kind: "list", isOrdered, start: Number.parseInt(first[2] ?? "1", 10) || 1, items: items.map((item) => partsOf(item, level + 1)) };
}
