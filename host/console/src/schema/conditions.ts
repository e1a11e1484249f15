// Conditions of rules (`x-format: condition-value`): what a field may be compared with, by what is known of the field.
import { chosen } from "../i18n/language.svelte";
import type { Values } from "./schema";
import type { Sources } from "./sources.svelte";

/** Operators that ask of the field alone. */
const ALONE = ["is-empty", "is-not-empty", "changed"];

export interface Choice {
  value: string | number | boolean;
  title: string;
}

/** How the value of a condition is written. */
export type ValueKind = { kind: "none" } | { kind: "choices"; choices: Choice[] } | { kind: "number" } | { kind: "text" } | { kind: "date" };

const words = (texts: Record<string, string>): Choice[] => Object.entries(texts).map(([value, title]) => ({ value, title }));
const numbers = (texts: Record<number, string>): Choice[] => Object.entries(texts).map(([value, title]) => ({ value: Number(value), title }));
const named = (list: { id: string; name: string }[]): Choice[] => list.map((one) => ({ value: one.id, title: one.name }));

function choicesFor(field: string, sources: Sources): Choice[] | undefined {
  const t = chosen.texts;
  switch (field) {
    case "state":
      return words(t.states);
    case "kind":
      return words(t.kinds);
    case "channel":
      return words(t.channels);
    case "priority":
    case "priority_override":
      return numbers(t.priorities);
    case "impact":
      return numbers(t.impacts);
    case "urgency":
      return numbers(t.urgencies);
    case "assignee":
      return named(sources.agents);
    case "group":
      return named(sources.groups);
    case "requester.groups":
      return named(sources.customerGroups);
    case "message.visibility":
      return [{ value: "public", title: t.conversation.publicMessage }, { value: "internal", title: t.conversation.internalMessage }];
    case "message.author":
    case "event.actor":
      return words(t.authors);
    case "message.automatic":
      return [{ value: true, title: t.yes }, { value: false, title: t.no }];
    default:
      return sources.fields.find((one) => one.name === field)?.type === "boolean" ? [{ value: true, title: t.yes }, { value: false, title: t.no }] : undefined;
  }
}

/** `parent` is the condition, or the action, that the value is part of. */
export function valueKind(parent: Values, sources: Sources): ValueKind {
  const field = String(parent["field"] ?? "");
  const operator = String(parent["operator"] ?? "");
  if (ALONE.includes(operator)) return { kind: "none" };
  // Parts of a text are written, whatever the whole may be.
  if (["contains", "starts-with"].includes(operator)) return { kind: "text" };
  const choices = choicesFor(field, sources);
  if (choices) return { kind: "choices", choices };
  const type = sources.fields.find((one) => one.name === field)?.type ?? "";
  if (field === "reopen_count" || type === "integer" || type === "number") return { kind: "number" };
  if (field.endsWith("_at") || type === "instant") return { kind: "date" };
  return { kind: "text" };
}

/** What a condition compares with, in words. */
export function valueWords(parent: Values, sources: Sources): string {
  const kind = valueKind(parent, sources);
  const value = parent["value"];
  if (kind.kind === "none" || value === undefined || value === null || value === "") return "";
  const one = (single: unknown) => (kind.kind === "choices" ? kind.choices.find((choice) => choice.value === single)?.title : undefined) ?? String(single);
  const list = Array.isArray(value) ? value.map(one) : [one(value)];
  return list.map((text) => `“${text}”`).join(chosen.texts.settings.or);
}
