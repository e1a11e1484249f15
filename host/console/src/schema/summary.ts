// A value of a schema as a sentence, for what is folded together.
import { chosen } from "../i18n/language.svelte";
import { choiceTitle, isFlat, isLocalized, isRecord, kindOf, propertiesOf, titleOf, variantOf, type Schema, type Values } from "./schema";
import type { Sources } from "./sources.svelte";
import { valueWords } from "./conditions";

const LONGEST = 60;

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const HEADS = ["name", "title", "label", "id", "address"];

function headWords(value: unknown): string {
  if (typeof value === "string") return value;
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string") ? chosen.of(value as Record<string, string>) : "";
}

/** What heads a card: a name, where the schema has one. */
export function headOf(value: unknown): string {
  return isRecord(value) ? (HEADS.map((name) => headWords(value[name])).find(Boolean) ?? "") : "";
}

function condition(schema: Schema, value: Values, sources: Sources): string {
  const of = (name: string) => choiceTitle(schema.properties?.[name] ?? {}, value[name]);
  return [of("field"), of("operator"), valueWords(value, sources)].filter(Boolean).join(" ");
}

/** What is as it is by itself says nothing; neither does a tick. */
const says = (property: Schema, value: unknown) => kindOf(property) !== "tick" && value !== undefined && JSON.stringify(value) !== JSON.stringify(property.default);

function record(schema: Schema, value: Values, sources: Sources): string[] {
  const head = HEADS.find((name) => headWords(value[name]));
  return propertiesOf(schema).flatMap(([name, property]) => {
    const inner = value[name];
    if (name === head || !says(property, inner)) return [];
    const isGroup = kindOf(property) === "record" && !isFlat(property) && isRecord(inner);
    const words = isGroup ? listed(property, inner, sources).join(chosen.texts.comma) : wordsOf(property, inner, sources, name);
    return words ? [`${titleOf(property, name)}: ${words}`] : [];
  });
}

/** What is in it, without its titles, but a number's: alone it says little. */
function listed(schema: Schema, value: Values, sources: Sources, isTold = says): string[] {
  return propertiesOf(schema)
    .filter(([name, property]) => isTold(property, value[name]))
    .map(([name, property]) => [kindOf(property) === "number" ? titleOf(property, name) : "", wordsOf(property, value[name], sources)])
    .flatMap(([name, words]) => (words ? [`${name} ${words}`.trim()] : []));
}

function variant(schema: Schema, value: Values, sources: Sources): string {
  const title = titleOf(schema);
  const inner = listed(schema, value, sources, (property) => property.const === undefined);
  return inner.length ? chosen.texts.settings.with(title, inner.join(chosen.texts.comma)) : title;
}

/** What joins the parts of a list: conditions that must all hold, or one of them, are called so; what is done is done in its order. */
function joint(name: string): string {
  const t = chosen.texts.settings;
  return { all: t.and, any: t.or }[name] ?? t.then;
}

/** The value in words; empty where there is nothing to say. `name` is the property's. */
export function wordsOf(schema: Schema, value: unknown, sources: Sources, name = ""): string {
  if (value === undefined || value === null || value === "") return "";
  switch (kindOf(schema)) {
    case "nothing":
    case "secret":
      return "";
    case "agent":
      return sources.agents.find((one) => one.id === value)?.name ?? String(value);
    case "group":
      return sources.groups.find((one) => one.id === value)?.name ?? String(value);
    case "choice":
    case "ticket-field":
      return choiceTitle(schema, value);
    case "choices":
      return (value as unknown[]).map((one) => choiceTitle(schema.items ?? {}, one)).join(chosen.texts.settings.or);
    case "texts":
      return (value as unknown[]).join(chosen.texts.comma);
    case "list":
      // What is long itself is told by its name.
      if (kindOf(schema.items ?? {}) === "record" && !isFlat(schema.items ?? {})) return (value as unknown[]).map(headOf).filter(Boolean).join(chosen.texts.comma);
      return (value as unknown[]).map((one) => wordsOf(schema.items ?? {}, one, sources)).filter(Boolean).join(joint(name));
    case "variant": {
      const found = schema.oneOf?.[variantOf(schema.oneOf, value)];
      return found && isRecord(value) ? variant(found, value, sources) : "";
    }
    case "record":
      if (!isRecord(value)) return "";
      if (isLocalized(schema)) return short(chosen.of(value as Record<string, string>));
      return "operator" in value && "field" in value ? condition(schema, value, sources) : record(schema, value, sources).join(" · ");
    case "tick":
      return value ? chosen.texts.yes : chosen.texts.no;
    default:
      return isRecord(value) || Array.isArray(value) ? (Object.keys(value).length ? short(JSON.stringify(value)) : "") : short(String(value));
  }
}
