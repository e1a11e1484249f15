// A JSON Schema (2020-12) as manifests write it: what a field is called, of which kind it is, and what it begins with.
// `x-` keys are for people who read another language than the schema's, for names of choices, and for what picks a value.
import { chosen } from "../i18n/language.svelte";
import { fieldName } from "../i18n/values";

export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  $ref?: string;
  /** Written, never read again. At the top, in objects below it, and in entries of lists that have an `x-key`. */
  secret?: boolean;
  /** Of a list's entries: the property that tells them apart. */
  "x-key"?: string;
  /** In which order the properties stand: an object of JSON has none. */
  "x-order"?: string[];
  "x-format"?: string;
  "x-enum-titles"?: Record<string, Record<string, string>>;
  [key: `x-title-${string}` | `x-description-${string}`]: string | undefined;
}

export type Values = Record<string, unknown>;

/** What a field is drawn as. */
export type Kind =
  | "nothing" | "secret" | "choice" | "choices" | "tick" | "number" | "text" | "long" | "texts" | "list" | "variant" | "record" | "json"
  | "agent" | "group" | "ticket-field" | "condition-value" | "template";

const PICKED = ["agent", "group", "ticket-field", "condition-value", "template"] as const;
/** Texts that may be longer are written in a field of several lines. */
const ONE_LINE_MAX = 500;

export function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function typesOf(schema: Schema): string[] {
  return schema.type === undefined ? [] : Array.isArray(schema.type) ? schema.type : [schema.type];
}

export function kindOf(schema: Schema): Kind {
  const picked = PICKED.find((format) => format === schema["x-format"]);
  if (schema.const !== undefined) return "nothing";
  if (schema.secret) return "secret";
  if (picked) return picked;
  if (schema.enum) return "choice";
  if (schema.oneOf) return schema.oneOf.every((variant) => discriminator(variant)) ? "variant" : "json";
  const types = typesOf(schema);
  if (types.length !== 1) return "json";
  switch (types[0]) {
    case "boolean":
      return "tick";
    case "integer":
    case "number":
      return "number";
    case "string":
      return (schema.maxLength ?? 0) > ONE_LINE_MAX || schema.format === "multi-line" ? "long" : "text";
    case "array":
      if (schema.items?.enum && schema.uniqueItems) return "choices";
      if (schema.items && typesOf(schema.items).join() === "string" && !schema.items.enum) return "texts";
      return schema.items ? "list" : "json";
    case "object":
      return schema.properties ? "record" : "json";
    default:
      return "json";
  }
}

/** The property whose constant tells a variant from the others, such as `type`. */
export function discriminator(variant: Schema): string | undefined {
  return Object.entries(variant.properties ?? {}).find(([, property]) => property.const !== undefined)?.[0];
}

/** Which of the variants a value is; -1 where it is none. */
export function variantOf(variants: Schema[], value: unknown): number {
  if (!isRecord(value)) return -1;
  return variants.findIndex((variant) => {
    const name = discriminator(variant);
    return name !== undefined && value[name] === variant.properties?.[name]?.const;
  });
}

/** The properties in the order in which people read them: as the schema says, then what is required, then the rest. */
export function propertiesOf(schema: Schema): [string, Schema][] {
  const order = [...(schema["x-order"] ?? []), ...(schema.required ?? [])];
  const place = (name: string) => (order.indexOf(name) + 1 || order.length + 1);
  return Object.entries(schema.properties ?? {}).sort(([one], [other]) => place(one) - place(other));
}

const DEEPEST = 12;

/** The same schema with what it refers to (`#/$defs/…`) in its place; what stands beside a reference holds, too. */
export function dereferenced(schema: Schema, root: unknown = schema, depth = 0): Schema {
  const inner = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(inner);
    return isRecord(one) ? dereferenced(one as Schema, root, depth + 1) : one;
  };
  const { $ref, ...own } = schema;
  // A schema that refers to itself has no end: deep inside, anything may stand.
  const found = $ref?.startsWith("#/") && depth < DEEPEST ? $ref.slice(2).split("/").reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), root) : undefined;
  const whole: Values = { ...(isRecord(found) ? found : {}), ...own };
  delete whole["$defs"];
  return Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, inner(value)])) as Schema;
}

const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/;

/** A text in each of several languages. */
export function isLocalized(schema: Schema): boolean {
  const properties = Object.entries(schema.properties ?? {});
  return properties.length > 0 && properties.every(([name, property]) => LANGUAGE_TAG.test(name) && typesOf(property).join() === "string") && "en" in (schema.properties ?? {});
}

/** What stands on one line: a record of a few plain values. */
export function isFlat(schema: Schema): boolean {
  if (isLocalized(schema)) return true;
  const properties = Object.values(schema.properties ?? {});
  return properties.length > 0 && properties.length <= 3 && properties.every((one) => !["list", "record", "variant", "texts", "choices", "long"].includes(kindOf(one)));
}

export function titleOf(schema: Schema, name = ""): string {
  return schema[`x-title-${chosen.language}`] ?? schema.title ?? name;
}

export function hintOf(schema: Schema): string {
  return schema[`x-description-${chosen.language}`] ?? schema.description ?? "";
}

export function choiceTitle(schema: Schema, value: unknown): string {
  const titles = schema["x-enum-titles"]?.[String(value)];
  return titles ? chosen.of(titles) : fieldName(String(value));
}

/** All that a value may be, where the schema names them; those of `anyOf`, too. */
export function choicesOf(schema: Schema): unknown[] {
  return schema.enum ?? schema.anyOf?.flatMap((one) => one.enum ?? []) ?? [];
}

/** What a value begins with: its default, else what is required of it, empty. */
export function fresh(schema: Schema): unknown {
  if (schema.default !== undefined) return structuredClone(schema.default);
  if (schema.const !== undefined) return schema.const;
  if (schema.oneOf?.[0]) return fresh(schema.oneOf[0]);
  if (schema.enum) return schema.enum[0];
  switch (typesOf(schema)[0]) {
    case "object":
      return Object.fromEntries(
        propertiesOf(schema)
          .filter(([name, property]) => schema.required?.includes(name) || property.default !== undefined || property.const !== undefined)
          .map(([name, property]) => [name, fresh(property)]),
      );
    // However many there must be: what nobody has chosen should not stand there.
    case "array":
      return [];
    case "boolean":
      return false;
    case "string":
      return "";
    default:
      return null;
  }
}

/** One step further in a JSON pointer. */
export function below(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
