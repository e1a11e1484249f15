// Values of tables, charts and pairs in words, and their order.
import { cell } from "../charts/cells";
import { chosen } from "../i18n/language.svelte";
import type { Cell, ColumnKind } from "./types";

export function cellWords(kind: ColumnKind, value: Cell | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "object") return value.text;
  if (kind === "ticket") return `#${value}`;
  // What is no instant has no day.
  if (kind === "instant" && Number.isNaN(Date.parse(String(value)))) return String(value);
  return cell({ kind }, value);
}

const WHOLE_MAX = 20;

/** How a text goes into lines where room is scarce: what is short stays whole, and only what has very long words is broken within them. */
export function fitOf(text: string): "whole" | "break" | "" {
  if (text.length <= WHOLE_MAX) return "whole";
  return /\S{30}/u.test(text) ? "break" : "";
}

export function isNumeric(kind: ColumnKind | undefined): boolean {
  return kind !== undefined && ["integer", "number", "percent", "duration", "ticket"].includes(kind);
}

/** For sorting: nothing comes first, numbers by size, times by the moment, texts as the language does. */
export function compare(kind: ColumnKind | undefined, one: Cell | undefined, other: Cell | undefined): number {
  const plain = (value: Cell | undefined) => (typeof value === "object" && value !== null ? value.text : value);
  const [a, b] = [plain(one), plain(other)];
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (kind === "instant") return Date.parse(String(a)) - Date.parse(String(b)) || 0;
  return String(a).localeCompare(String(b), chosen.language, { numeric: true });
}
