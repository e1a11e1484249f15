// What can be asked of the host, by name.
import { call, get, items, type Answer } from "./client";
import type { Agent, DeadLetter, Entry, Install, Message, Named, Page, Run, Ticket, TicketSummary, Visibility } from "./types";

export interface Filter {
  state: string;
  mine: boolean;
  words: string;
}

const PAGE = "50";

export function listTickets(filter: Filter, cursor: string | null, signal?: AbortSignal): Promise<Page<TicketSummary>> {
  const query = new URLSearchParams({ limit: PAGE });
  if (filter.mine) query.set("assignee", "me");
  if (filter.state) query.set("state", filter.state);
  if (filter.words) query.set("q", filter.words);
  if (cursor) query.set("cursor", cursor);
  return get(`tickets?${query}`, signal);
}

export interface NewTicket {
  subject: string;
  text: string;
  requester: { name: string; email: string };
}

export async function createTicket(wish: NewTicket): Promise<Ticket> {
  return (await call<Ticket>("POST", "tickets", { body: wish })).body;
}

export const loadTicket = (number: number): Promise<Answer<Ticket>> => call("GET", `tickets/${number}`);
export const listMessages = (number: number): Promise<Message[]> => items(`tickets/${number}/messages`);
export const listHistory = (number: number): Promise<Entry[]> => items(`tickets/${number}/history`);

export async function addMessage(number: number, visibility: Visibility, text: string): Promise<Message> {
  return (await call<Message>("POST", `tickets/${number}/messages`, { body: { visibility, text } })).body;
}

/** One property of a ticket, set or taken away. */
export type Step =
  | { put: "assignment"; body: { assignee: string | null; group: string | null } }
  | { put: "tags"; body: { tags: string[] } }
  | { put: "priority"; body: { impact: number; urgency: number } }
  | { put: "pending"; body: { reason: string; until: string | null } }
  | { put: "solution"; body: Record<string, never> }
  | { delete: "solution" | "pending" };

export function changeTicket(number: number, step: Step, etag: string | null): Promise<Answer<Ticket>> {
  if ("put" in step) return call("PUT", `tickets/${number}/${step.put}`, { body: step.body, etag });
  return call("DELETE", `tickets/${number}/${step.delete}`, { etag });
}

export const listAgents = (): Promise<Agent[]> => items("agents");
export const listGroups = (): Promise<Named[]> => items("groups");
export const listInstalls = (): Promise<Install[]> => items("plugins");
export const listRuns = (install: string): Promise<Run[]> => items(`plugins/${install}/runs`);
export const listDeadLetters = (): Promise<DeadLetter[]> => items("dead-letters");

export async function setEnabled(install: string, enabled: boolean): Promise<void> {
  await call(enabled ? "PUT" : "DELETE", `plugins/${install}/enablement`);
}
