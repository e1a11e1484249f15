// What is shown of a view, with marks of direction that end where they began: one that stays open would take the mark by which an element keeps its text
// to itself. What the plugin gets back (ids, names, inputs, values) is left as it is.

const SHOWN = new Set(["text", "title", "key", "submit", "disabled", "cells", "rows", "value"]);
/** Data of the plugin's, and what is drawn in lines of its own. */
const KEPT = new Set(["input", "values", "schema", "shown"]);
const [EMBEDDED, ISOLATED] = ["\u202c", "\u2069"];
const MARKS = /[\u202a-\u202e\u2066-\u2069]/gu;

function balancedLine(line: string): string {
  const open: string[] = [];
  const kept = line.replace(MARKS, (mark) => {
    const isEnd = mark === EMBEDDED || mark === ISOLATED;
    if (!isEnd) open.push(mark >= "\u2066" ? ISOLATED : EMBEDDED);
    // An end of what has not begun, or of what something else stands open in, is none.
    else if (open.at(-1) === mark) open.pop();
    else return "";
    return mark;
  });
  return kept + open.reverse().join("");
}

/** Line by line: with a line, all that is open in it ends. */
export function balanced(text: string): string {
  return text.search(MARKS) < 0 ? text : text.split("\n").map(balancedLine).join("\n");
}

/** The same tree, with its texts so. */
export function readable<Tree>(tree: Tree, name = ""): Tree {
  const inner = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return SHOWN.has(key) ? balanced(value) : value;
    if (Array.isArray(value)) return value.map((one) => inner(one, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([word, part]) => [word, KEPT.has(word) ? part : inner(part, word)]));
  };
  return inner(tree, name) as Tree;
}
