// Whether a value fits a schema, told in the language that is shown. The host has the last word; this spares asking it for what is plain.
import { chosen } from "../i18n/language.svelte";
import type { Misfit } from "../api/client";
import { below, isRecord, typesOf, variantOf, type Schema } from "./schema";

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

function isOf(type: string, value: unknown): boolean {
  const found = typeOf(value);
  return found === type || (type === "integer" && found === "number" && Number.isInteger(value));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // A pattern that only the host understands: it will say.
    return true;
  }
}

function* ofText(schema: Schema, text: string): Generator<string> {
  const t = chosen.texts.settings.wrong;
  const length = [...text].length;
  if (schema.minLength && length < schema.minLength) yield length === 0 ? t.required : t.tooShort(String(schema.minLength));
  if (schema.maxLength !== undefined && length > schema.maxLength) yield t.tooLong(String(schema.maxLength));
  if (schema.pattern && !matches(schema.pattern, text)) yield t.pattern(schema.pattern);
}

function* ofNumber(schema: Schema, number: number): Generator<string> {
  const t = chosen.texts.settings.wrong;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (minimum !== undefined && number < minimum) yield t.tooSmall(String(minimum));
  if (maximum !== undefined && number > maximum) yield t.tooLarge(String(maximum));
  if (exclusiveMinimum !== undefined && number <= exclusiveMinimum) yield t.above(String(exclusiveMinimum));
  if (exclusiveMaximum !== undefined && number >= exclusiveMaximum) yield t.below(String(exclusiveMaximum));
  if (multipleOf && Math.abs(number / multipleOf - Math.round(number / multipleOf)) > 1e-9) yield t.step(String(multipleOf));
}

function* ofList(schema: Schema, list: unknown[]): Generator<string> {
  const t = chosen.texts.settings.wrong;
  if (schema.minItems && list.length < schema.minItems) yield t.tooFew(String(schema.minItems));
  if (schema.maxItems !== undefined && list.length > schema.maxItems) yield t.tooMany(String(schema.maxItems));
  if (schema.uniqueItems && list.some((one, index) => list.slice(0, index).some((other) => same(one, other)))) yield t.twice;
}

function* inside(schema: Schema, value: unknown, pointer: string): Generator<Misfit> {
  const t = chosen.texts.settings.wrong;
  if (Array.isArray(value) && schema.items) {
    for (const [index, one] of value.entries()) yield* misfits(schema.items, one, below(pointer, index));
  }
  if (!isRecord(value) || !(schema.properties || schema.required)) return;
  for (const name of schema.required ?? []) if (!(name in value)) yield { pointer: below(pointer, name), detail: t.required };
  for (const [name, one] of Object.entries(value)) {
    const property = schema.properties?.[name];
    if (property) yield* misfits(property, one, below(pointer, name));
    else if (schema.additionalProperties === false) yield { pointer, detail: t.unknown(name) };
  }
}

/** Everything that does not fit, from the outside in. */
export function* misfits(schema: Schema, value: unknown, pointer = ""): Generator<Misfit> {
  const t = chosen.texts.settings.wrong;
  const types = typesOf(schema);
  if (types.length && !types.some((type) => isOf(type, value))) {
    yield { pointer, detail: value === null || value === undefined ? t.required : t.type(types.map((type) => t.types[type] ?? type).join(t.or)) };
    return;
  }
  if (schema.const !== undefined && !same(schema.const, value)) yield { pointer, detail: t.const(JSON.stringify(schema.const)) };
  if (schema.enum && !schema.enum.some((one) => same(one, value))) yield { pointer, detail: value === "" ? t.required : t.choice };
  const plain = typeof value === "string" ? ofText(schema, value) : typeof value === "number" ? ofNumber(schema, value) : Array.isArray(value) ? ofList(schema, value) : [];
  for (const detail of plain) yield { pointer, detail };
  if (schema.oneOf) {
    const at = variantOf(schema.oneOf, value);
    const variant = schema.oneOf[at];
    if (variant) yield* misfits(variant, value, pointer);
    else if (!schema.oneOf.some((one) => fits(one, value))) yield { pointer, detail: t.choice };
  }
  if (schema.anyOf && !schema.anyOf.some((one) => fits(one, value))) yield { pointer, detail: value === "" ? t.required : t.choice };
  yield* inside(schema, value, pointer);
}

function fits(schema: Schema, value: unknown): boolean {
  return misfits(schema, value).next().done === true;
}
