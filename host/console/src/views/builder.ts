// Simple filters as rows of name, operator and value: written as an expression, and read back where it is one of these.
import type { KnownName } from "../api/expressions";

export type Operator = "is" | "is-not" | "contains" | "starts-with" | "has" | "has-not" | "less" | "greater" | "within" | "before" | "empty" | "not-empty" | "true" | "false";

export interface Row {
  name: string;
  operator: Operator;
  /** `within` and `before`: hours; several for `is` and `is-not` mean any of these. */
  values: string[];
}

const BY_TYPE: Record<string, Operator[]> = {
  text: ["is", "is-not", "contains", "starts-with", "empty", "not-empty"],
  id: ["is", "is-not", "empty", "not-empty"],
  integer: ["is", "is-not", "less", "greater", "empty", "not-empty"],
  number: ["is", "is-not", "less", "greater", "empty", "not-empty"],
  boolean: ["true", "false"],
  instant: ["within", "before", "empty", "not-empty"],
  texts: ["has", "has-not"],
};

/** Ids are texts of which no part can be asked. */
export function isId(name: Pick<KnownName, "type" | "operators">): boolean {
  return name.type === "text" && !name.operators.includes("contains");
}

export function operatorsOf(name: Pick<KnownName, "type" | "operators">): Operator[] {
  return BY_TYPE[isId(name) ? "id" : name.type] ?? ["is", "is-not"];
}

export function needsValue(operator: Operator): boolean {
  return !["empty", "not-empty", "true", "false"].includes(operator);
}

/** What a backslash makes of the letter behind it. */
const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`;
}

function literal(value: string, type: string): string {
  if (value === "me") return value;
  return type === "integer" || type === "number" ? String(Number(value)) : quoted(value);
}

function one(row: Row, type: string): string {
  const values = row.values.map((value) => literal(value, type));
  const first = values[0] ?? quoted("");
  const hours = `duration("${Number(row.values[0]) || 0}h")`;
  switch (row.operator) {
    case "is":
      return values.length > 1 ? `${row.name} in [${values.join(", ")}]` : `${row.name} == ${first}`;
    case "is-not":
      return values.length > 1 ? `!(${row.name} in [${values.join(", ")}])` : `${row.name} != ${first}`;
    case "contains":
      return `${row.name}.contains(${first})`;
    case "starts-with":
      return `${row.name}.startsWith(${first})`;
    case "has":
      return `${quoted(row.values[0] ?? "")} in ${row.name}`;
    case "has-not":
      return `!(${quoted(row.values[0] ?? "")} in ${row.name})`;
    case "less":
      return `${row.name} < ${first}`;
    case "greater":
      return `${row.name} > ${first}`;
    case "within":
      return `${row.name} > now - ${hours}`;
    case "before":
      return `${row.name} < now - ${hours}`;
    case "empty":
      return `${row.name} == null`;
    case "not-empty":
      return `${row.name} != null`;
    case "true":
      return row.name;
    case "false":
      return `!${row.name}`;
  }
}

/** Rows that say nothing yet are left out. */
export function toExpression(rows: Row[], names: KnownName[]): string {
  const whole = rows.filter((row) => row.name && (!needsValue(row.operator) || row.values.some((value) => value !== "")));
  return whole.map((row) => one(row, names.find((name) => name.name === row.name)?.type ?? "text")).join(" && ");
}

const NAME = String.raw`([a-z_][\w.]*|fields\["[^"]+"\])`;
// Of what is escaped, only what is read back as it was meant: all else is left to writing.
const INNER = String.raw`(?:[^"\\]|\\["'\\nrt])*`;
const TEXT = String.raw`"(${INNER})"`;
const VALUE = String.raw`("${INNER}"|-?\d+(?:\.\d+)?|me)`;
const LIST = String.raw`\[(${VALUE}(?:\s*,\s*${VALUE})*)\]`;
const HOURS = String.raw`duration\("(\d+)h"\)`;

function plain(value: string): string {
  // In one pass: the `n` behind an escaped backslash is a letter.
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, (_, sign: string) => ESCAPED[sign] ?? sign) : value;
}

type Reading = [RegExp, (found: RegExpExecArray) => Row];
const row = (name: string | undefined, operator: Operator, values: string[] = []): Row => ({ name: name ?? "", operator, values });
const whole = (pattern: string) => new RegExp(`^${pattern}$`, "u");
const list = (text: string | undefined) => [...(text ?? "").matchAll(new RegExp(VALUE, "gu"))].map((found) => plain(found[0]));

const READINGS: Reading[] = [
  [whole(String.raw`${NAME}\s*==\s*null`), (f) => row(f[1], "empty")],
  [whole(String.raw`${NAME}\s*!=\s*null`), (f) => row(f[1], "not-empty")],
  [whole(String.raw`${NAME}\s*==\s*${VALUE}`), (f) => row(f[1], "is", [plain(f[2] ?? "")])],
  [whole(String.raw`${NAME}\s*!=\s*${VALUE}`), (f) => row(f[1], "is-not", [plain(f[2] ?? "")])],
  [whole(String.raw`${NAME}\s+in\s+${LIST}`), (f) => row(f[1], "is", list(f[2]))],
  [whole(String.raw`!\(${NAME}\s+in\s+${LIST}\)`), (f) => row(f[1], "is-not", list(f[2]))],
  [whole(String.raw`${NAME}\.contains\(${TEXT}\)`), (f) => row(f[1], "contains", [plain(`"${f[2]}"`)])],
  [whole(String.raw`${NAME}\.startsWith\(${TEXT}\)`), (f) => row(f[1], "starts-with", [plain(`"${f[2]}"`)])],
  [whole(String.raw`${TEXT}\s+in\s+${NAME}`), (f) => row(f[2], "has", [plain(`"${f[1]}"`)])],
  [whole(String.raw`!\(${TEXT}\s+in\s+${NAME}\)`), (f) => row(f[2], "has-not", [plain(`"${f[1]}"`)])],
  [whole(String.raw`${NAME}\s*>\s*now\s*-\s*${HOURS}`), (f) => row(f[1], "within", [f[2] ?? ""])],
  [whole(String.raw`${NAME}\s*<\s*now\s*-\s*${HOURS}`), (f) => row(f[1], "before", [f[2] ?? ""])],
  [whole(String.raw`${NAME}\s*<\s*${VALUE}`), (f) => row(f[1], "less", [plain(f[2] ?? "")])],
  [whole(String.raw`${NAME}\s*>\s*${VALUE}`), (f) => row(f[1], "greater", [plain(f[2] ?? "")])],
  [whole(NAME), (f) => row(f[1], "true")],
  [whole(`!${NAME}`), (f) => row(f[1], "false")],
];

/** Parts joined by that sign outside of quotation marks and brackets. */
function parts(text: string, joint: "&&" | "||"): string[] {
  const found: string[] = [];
  let [depth, begin, quote] = [0, 0, ""];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (quote) {
      if (sign === "\\") at++;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "(" || sign === "[") depth++;
    else if (sign === ")" || sign === "]") depth--;
    else if (depth === 0 && text.startsWith(joint, at)) {
      found.push(text.slice(begin, at));
      begin = ++at + 1;
    }
  }
  return [...found, text.slice(begin)].map((part) => part.trim());
}

/** One expression that holds where all of them do; those that say nothing are left out. */
function allOf(expressions: string[]): string {
  const said = expressions.map((text) => text.trim()).filter(Boolean);
  if (said.length < 2) return said.join("");
  return said.map((text) => (parts(text, "||").length > 1 ? `(${text})` : text)).join(" && ");
}

/** What a list shows, as one expression: the state, the assignee and the words that are asked beside its filter, too. */
export function wholeFilter(asked: { state: string; mine: boolean; words: string; filter: string }): string {
  const words = asked.words.trim();
  return allOf([
    asked.state && `state == ${quoted(asked.state)}`,
    asked.mine ? "assignee == me" : "",
    words && `text(${quoted(words)})`,
    asked.filter,
  ]);
}

/** The rows of an expression; null where it says more than rows can. */
export function fromExpression(text: string, names: KnownName[]): Row[] | null {
  if (!text.trim()) return [];
  const rows: Row[] = [];
  for (const part of parts(text, "&&")) {
    const read = READINGS.map(([pattern, make]) => ({ found: pattern.exec(part), make })).find((one) => one.found);
    const made = read?.found ? read.make(read.found) : null;
    const name = names.find((one) => one.name === made?.name);
    if (!made || !name || !operatorsOf(name).includes(made.operator)) return null;
    rows.push(made);
  }
  return rows;
}
