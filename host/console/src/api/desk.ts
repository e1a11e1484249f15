// What can be asked of the host, by name.
import { call, items, page, type Answer } from "./client";
import type { Cursor, Entry, Message, Page, Ticket, TicketSummary, Visibility } from "./types";

export interface Filter {
  state: string;
  mine: boolean;
  words: string;
  /** A saved view's id; empty where none is looked at. */
  view: string;
  /** An expression; empty: no more is asked. */
  filter: string;
  /** A name, with a minus before it where the highest stands first; empty: newest first. */
  sort: string;
}

export function listTickets(filter: Filter, cursor: Cursor | null, signal?: AbortSignal): Promise<Page<TicketSummary>> {
  const { state, words, view, sort } = filter;
  return page("tickets", { assignee: filter.mine ? "me" : "", state, q: words, view, filter: filter.filter, sort }, cursor, signal);
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
  | { put: "merger"; body: { into: number } }
  | { put: `participants/${string}`; body: { until: string | null } }
  | { put: "closure" | "deletion" | "legal-hold" | `links/${string}` }
  | { delete: "solution" | "pending" | "merger" | "deletion" | "legal-hold" | `links/${string}` | `participants/${string}` };

export function changeTicket(number: number, step: Step, etag: string | null): Promise<Answer<Ticket>> {
  if ("put" in step) return call("PUT", `tickets/${number}/${step.put}`, "body" in step ? { body: step.body, etag } : { etag });
  return call("DELETE", `tickets/${number}/${step.delete}`, { etag });
}

/** Makes a ticket of its own of a message. */
export async function splitTicket(number: number, message: string, subject: string): Promise<Ticket> {
  return (await call<Ticket>("POST", `tickets/${number}/splits`, { body: { message, subject } })).body;
}
