// How the values of fields are written for people.
import { fields } from "../fields.svelte";
import { moment } from "./format";
import { chosen } from "./language.svelte";

const STATES = ["state", "prior_state", "merged_state"];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The id of nobody: what was suspended had no requester. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** The field's name, or what the plugin that brought it calls it. */
export function fieldName(name: string): string {
  const field = fields.of(name);
  return chosen.texts.fields[name] ?? ((field && chosen.of(field.title)) || name);
}

/** Whether a text is a point in time, as the API writes it. */
export const isInstant = (text: string): boolean => INSTANT.test(text);

export function isNothing(value: unknown): boolean {
  return value === null || value === NOBODY || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** What the other ticket of a link is to this one. */
export function relation(name: string): string {
  return chosen.texts.relations[name] ?? name;
}

/** A host of a manifest, for people: one that its settings name is told by where they name it, `{settings.mailboxes[].incoming}`. */
function hostName(host: string): string {
  const [, path, within = ""] = /^\{settings\.([^}]*)\}(.*)$/.exec(host) ?? [];
  if (path === undefined) return host;
  return chosen.texts.hostOfSettings(path.replaceAll("[]", "").split(".").join(" › ")) + within;
}

/** What a plugin may do, for people: an interface of the host, records of other plugins, or a server outside. */
export function permissionName(name: string): string {
  const [, collection] = /^shared:(.*)$/.exec(name) ?? [];
  if (collection !== undefined) return chosen.texts.readsCollection(collection);
  const [, protocol, host] = /^(http|net):(.*)$/.exec(name) ?? [];
  if (host === undefined) return chosen.texts.permissionNames[name] ?? name;
  const server = hostName(host);
  return protocol === "net" ? chosen.texts.talksToHost(server) : chosen.texts.callsHost(server);
}

/** Why something rests in the suspended queue. */
export function suspicion(reason: string): string {
  return chosen.texts.queue.reasons[reason] ?? reason;
}

/** An identity as people write it: of an e-mail address, the address alone. */
export function identity(name: string): string {
  return name.replace(/^mailto:/, "");
}

/** What the log keeps as a record, told by what is its most telling part. */
function record(field: string, value: object): string {
  if (field === "links" && "relation" in value) return relation(String(value.relation));
  if (field === "participants" && "role" in value) return chosen.texts.participants.roles[String(value.role)] ?? String(value.role);
  if (field === "suspension" && "reason" in value) return suspicion(String(value.reason));
  return JSON.stringify(value);
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
  if (typeof value === "object") return record(field, value as object);
  const text = String(value);
  if (field === "kind") return chosen.texts.kinds[text] ?? text;
  if (field === "channel") return chosen.texts.channels[text] ?? text;
  if (STATES.includes(field)) return chosen.texts.states[text] ?? text;
  const known = fields.of(field)?.values.find((one) => one.value === text);
  if (known) return chosen.of(known.title);
  return isInstant(text) ? moment(text) : text;
}
