// What becomes of a wish to change a ticket that has changed meanwhile: as it was shown, as it is now, and what was wanted.
import type { Step } from "./api/desk";
import type { Ticket } from "./api/types";

/** Others changed the same: somebody is to be asked. */
export interface Clash {
  field: string;
  theirs: unknown;
  mine: unknown;
}

/** `again`: the step that does what was wanted to the ticket as it is now. */
export type Merged = { again: Step } | { clash: Clash; again: Step } | "done";

type Values = Record<string, unknown>;

/** What of a ticket a step is about, as the step would leave it. */
function wanted(step: Step): Values {
  const name = "put" in step ? step.put : step.delete;
  const isSet = "put" in step;
  switch (name) {
    case "assignment":
    case "priority":
      return { ...("put" in step && "body" in step ? step.body : {}) };
    case "pending":
      return isPending(step) ? { state: "pending", pending_reason: step.body.reason, pending_until: step.body.until } : { state: "open" };
    case "solution":
      return { state: isSet ? "solved" : "open" };
    case "closure":
      return { state: "closed" };
    case "legal-hold":
      return { legal_hold: isSet };
    case "deletion":
      return isSet ? { state: "deleted" } : { "state/deletion": false };
    case "merger":
      return { "state/merger": isSet };
    default:
      return { [name]: isSet && name.startsWith("participants/") && "body" in step && "until" in step.body ? step.body.until : isSet };
  }
}

function isPending(step: Step): step is Extract<Step, { put: "pending" }> {
  return "put" in step && step.put === "pending";
}

/** The same parts of a ticket as it is. */
function present(ticket: Ticket, field: string): unknown {
  const [kind, ...parts] = field.split("/");
  if (field === "assignee" || field === "group") return ticket[field]?.id ?? null;
  // A new one is an open one that nobody has looked at yet.
  if (kind === "state") return ticket.state === "new" ? "open" : ticket.state;
  if (field === "pending_until") return instant(ticket.pending_until);
  if (kind === "links") return ticket.links.some((link) => link.relation === parts[0] && String(link.number) === parts[1]);
  if (kind === "participants") {
    const found = ticket.participants.find((one) => one.role === parts[0] && one.who.kind === parts[1] && one.who.id === parts[2]);
    return found ? instant(found.until) : false;
  }
  return ticket[field as keyof Ticket] ?? null;
}

/** The same moment is written in several ways. */
function instant(at: string | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What was added and taken away, done to theirs. */
function mergeTags(base: string[], theirs: string[], mine: string[]): string[] {
  const isLeft = (tag: string) => mine.includes(tag) || !base.includes(tag);
  return [...theirs.filter(isLeft), ...mine.filter((tag) => !base.includes(tag) && !theirs.includes(tag))];
}

/** The step with other values; of all others the body is what it was. */
function withValues(step: Step, values: Values): Step {
  if (!("put" in step)) return step;
  if (step.put === "assignment" || step.put === "priority") return { ...step, body: { ...step.body, ...values } } as Step;
  if (isPending(step)) return { ...step, body: { reason: String(values["pending_reason"] ?? ""), until: values["pending_until"] as string | null } };
  return step;
}

/** `base` is the ticket as whoever wanted the step saw it; `theirs` as it is now. */
export function merge(base: Ticket, theirs: Ticket, step: Step): Merged {
  if ("put" in step && step.put === "tags") {
    const tags = mergeTags(base.tags, theirs.tags, step.body.tags);
    return same([...tags].sort(), [...theirs.tags].sort()) ? "done" : { again: { put: "tags", body: { tags } } };
  }
  const mine = wanted(step);
  const values: Values = {};
  let clash: Clash | undefined;
  for (const [field, value] of Object.entries(mine)) {
    const [before, now] = [present(base, field), present(theirs, field)];
    // What was left as it was is left as others made it.
    values[field] = same(value, before) ? now : value;
    if (!same(values[field], now) && !same(before, now)) clash ??= { field, theirs: now, mine: value };
  }
  const again = withValues(step, values);
  if (clash) return { clash, again };
  return Object.entries(values).every(([field, value]) => same(value, present(theirs, field))) ? "done" : { again };
}
