// Which changes matter to which lists.
import type { Change } from "./told";

/** Lists follow what happens no faster than somebody could read them. */
export const LISTS_EVERY_MS = 2_000;

/** What stands in a list of tickets: tickets, and the names of people in it. How far a message is on its way out, does not. */
export function concernsLists({ kind }: Change): boolean {
  return kind !== "message.delivery" && /^(ticket|message|customer|agent|group)\./.test(kind);
}

/** What is suspended has no number; what is recovered has one from then on. */
export function concernsSuspended({ kind, ticket }: Change): boolean {
  return (kind.startsWith("ticket.") && ticket === null) || ["ticket.suspended", "ticket.recovered", "ticket.rejected"].includes(kind);
}

/** Agents and their groups, and the groups of customers. */
export function concernsPeople({ kind }: Change): boolean {
  return /^(agent|group|customer-group)\./.test(kind);
}

export function concernsPlugins({ kind }: Change): boolean {
  return /^(install|job)\./.test(kind);
}
