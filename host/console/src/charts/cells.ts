// Cells of reports, as people read them.
import type { Column } from "../api/reports";
import { day, moment, percent } from "../i18n/format";
import { chosen } from "../i18n/language.svelte";

const INSTANT_AT_MIDNIGHT = /T00:00:00(\.0+)?(Z|[+-]\d\d:\d\d)$/;

function isNamed(value: unknown): value is { id: string; name: string | null } {
  return typeof value === "object" && value !== null && "id" in value;
}

function unit(amount: number, name: string): string {
  return new Intl.NumberFormat(chosen.language, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 }).format(amount);
}

/** The two largest units say enough. */
export function duration(seconds: number): string {
  const sign = seconds < 0 ? "−" : "";
  const all = Math.round(Math.abs(seconds));
  const parts: [number, string][] = [
    [Math.floor(all / 86_400), "day"],
    [Math.floor(all / 3_600) % 24, "hour"],
    [Math.floor(all / 60) % 60, "minute"],
    [all % 60, "second"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return unit(0, "second");
  return sign + parts.slice(first, first + 2).filter(([amount]) => amount > 0).map(([amount, name]) => unit(amount, name)).join(" ");
}

function number(value: number, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(chosen.language, options).format(value);
}

/** A cell in words; `isShort` for where there is little room, as at an axis. */
export function cell(column: Pick<Column, "kind">, value: unknown, isShort = false): string {
  if (value === null || value === undefined) return isShort ? "" : "–";
  if (isNamed(value)) return value.name ?? chosen.texts.reports.unknown;
  switch (column.kind) {
    case "integer":
      return typeof value === "number" ? number(value, isShort ? { notation: "compact", maximumFractionDigits: 1 } : {}) : String(value);
    case "number":
      return typeof value === "number" ? number(value, { maximumFractionDigits: 2 }) : String(value);
    case "percent":
      return typeof value === "number" ? percent(value) : String(value);
    case "duration":
      return typeof value === "number" ? duration(value) : String(value);
    case "instant":
      return INSTANT_AT_MIDNIGHT.test(String(value)) || isShort ? day(String(value)) : moment(String(value));
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

export function isNumeric(column: Column): boolean {
  return ["integer", "number", "percent", "duration"].includes(column.kind);
}
