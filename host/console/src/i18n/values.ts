// How the values of fields are written for people.
import { moment } from "./format";
import { chosen } from "./language.svelte";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The field's name, or what the plugin that brought it calls it. */
export function fieldName(name: string): string {
  return chosen.texts.fields[name] ?? name;
}

export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function level(field: string, value: number): string | undefined {
  const { impacts, urgencies, priorities } = chosen.texts;
  const words = { impact: impacts, urgency: urgencies, priority: priorities }[field];
  return words?.[value];
}

/** A value of that field; the label, where there is one, says more than an id. */
export function shown(field: string, value: unknown, label: string | null = null): string {
  if (label) return label;
  if (isNothing(value)) return chosen.texts.history.nothing;
  if (Array.isArray(value)) return value.map((one) => shown(field, one)).join(", ");
  if (typeof value === "number") return level(field, value) ?? String(value);
  if (typeof value === "boolean") return value ? chosen.texts.yes : chosen.texts.no;
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (field === "state") return chosen.texts.states[text] ?? text;
  return INSTANT.test(text) ? moment(text) : text;
}
