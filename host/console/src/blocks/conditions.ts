// Which fields of a form are there: those whose conditions hold. What is not there is empty for the conditions of others, and is not sent.
import { isRecord, type Schema, type Values } from "../schema/schema";
import type { Condition, FormBlock } from "./types";

const isEmpty = (value: unknown) => value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function holds({ field, operator, value }: Condition, values: Values): boolean {
  const given = values[field];
  const isOne = () => asList(value).some((wanted) => asList(given).some((one) => one === wanted));
  switch (operator) {
    case "is":
      return isOne();
    case "is-not":
      return !isOne();
    case "is-empty":
      return isEmpty(given);
    case "is-not-empty":
      return !isEmpty(given);
    case "greater-than":
      return typeof given === "number" && given > Number(value);
    case "less-than":
      return typeof given === "number" && given < Number(value);
    default:
      return true;
  }
}

/** The names that are not shown. One that depends on another that is not shown is not either, in whatever order they stand. */
function hidden(shown: NonNullable<FormBlock["shown"]>, values: Values): Set<string> {
  const gone = new Set<string>();
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    const seen = without(values, gone);
    for (const { field, when } of shown) if (!when.every((one) => holds(one, seen))) gone.add(field);
  }
  return gone;
}

const without = (values: Values, gone: Set<string>): Values => Object.fromEntries(Object.entries(values).filter(([name]) => !gone.has(name)));

/** The schema of what is shown, and its values. */
export function shownOf(block: FormBlock, value: unknown): { schema: Schema; values: Values } {
  const all = isRecord(value) ? value : {};
  const gone = hidden(block.shown ?? [], all);
  const properties = Object.fromEntries(Object.entries(block.schema.properties ?? {}).filter(([name]) => !gone.has(name)));
  const required = (block.schema.required ?? []).filter((name) => !gone.has(name));
  return { schema: { ...block.schema, properties, required }, values: without(all, gone) };
}
