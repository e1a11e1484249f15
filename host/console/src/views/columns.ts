// Columns of ticket lists.
import { fields } from "../fields.svelte";
import { chosen } from "../i18n/language.svelte";
import { fieldName } from "../i18n/values";
import { names } from "./names.svelte";

/** What lists show by themselves. */
export const USUAL = ["number", "subject", "state", "priority", "requester", "assignee", "group", "updated_at"];

/** All that a summary of a ticket tells. */
export const KNOWN = [...USUAL, "created_at", "kind", "channel", "tags"];

/** How much room a column needs to be worth showing. */
export function roomOf(column: string): "always" | "middle" | "wide" {
  if (["subject", "state", "updated_at"].includes(column)) return "always";
  return ["priority", "requester", "assignee"].includes(column) || fields.listed.includes(column) ? "middle" : "wide";
}

export function columnTitle(column: string): string {
  if (column === "updated_at") return chosen.texts.fields["updated"] ?? column;
  const field = names.all.find((one) => one.name === column) ?? names.plugin(column);
  return chosen.texts.fields[column] ?? (field ? chosen.of(field.title) : fieldName(column));
}

/** Without the subject there would be nothing to open a ticket by. */
export function columnsOf(wanted: string[]): string[] {
  // What plugins list stands before the people.
  if (wanted.length === 0) return USUAL.flatMap((column) => (column === "requester" ? [...fields.listed, column] : column));
  return wanted.includes("subject") ? wanted : ["subject", ...wanted];
}

/** What a list can be sorted by. */
export const SORTS = ["updated_at", "created_at", "priority", "number", "state", "solved_at"];
