// Times, sizes and numbers, as people of the chosen language write them.
import { chosen } from "./language.svelte";

/** A moment, to the minute. */
export function moment(at: string): string {
  return new Intl.DateTimeFormat(chosen.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** A day; of the place where one sits, unless a zone is named. */
export function day(at: string, zone?: string): string {
  return new Intl.DateTimeFormat(chosen.language, { dateStyle: "medium", ...(zone ? { timeZone: zone } : {}) }).format(new Date(at));
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago, roughly. */
export function ago(at: string): string {
  const seconds = (new Date(at).getTime() - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat(chosen.language, { numeric: "auto", style: "short" });
  const fitting = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (!fitting) return format.format(0, "second");
  return format.format(Math.trunc(seconds / fitting[1]), fitting[0]);
}

export function bytes(size: number): string {
  const [unit, divisor] = size >= 1_000_000 ? ["megabyte", 1_000_000] : size >= 1_000 ? ["kilobyte", 1_000] : ["byte", 1];
  const style = { style: "unit", unit: String(unit), unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(chosen.language, style).format(size / Number(divisor));
}

export function count(value: number): string {
  return new Intl.NumberFormat(chosen.language).format(value);
}

/** Several names, one after the other. */
export function all(names: string[]): string {
  return new Intl.ListFormat(chosen.language, { type: "conjunction" }).format(names);
}

/** `value` of a hundred. */
export function percent(value: number): string {
  return new Intl.NumberFormat(chosen.language, { style: "percent", maximumFractionDigits: 1 }).format(value / 100);
}
