// What can be asked of the host, by name.
import { call, items, page, type Answer } from "./client";
import type { Cursor, Entry, Localized, Message, Page, Ticket, TicketSummary, Visibility } from "./types";

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
/** What is to become of a message on its way out. */
export type Decision = "send" | "sent" | "drop";

export async function decideDelivery(number: number, message: string, decision: Decision): Promise<Message> {
  return (await call<Message>("PUT", `tickets/${number}/messages/${message}/delivery`, { body: { decision } })).body;
}

export const listMessages = (number: number): Promise<Message[]> => items(`tickets/${number}/messages`);
export const listHistory = (number: number): Promise<Entry[]> => items(`tickets/${number}/history`);

/** A channel that may carry an answer. */
export interface Channel {
  name: string;
  plugin_title: Localized;
  /** Bytes; null: as many as a message may have. */
  text_bytes_max: number | null;
  /** Whether its plugin is held back. */
  waits: boolean;
  /** Within which time it may answer; null: at any time. */
  window: { open: boolean; until: string | null; messages_left: number | null } | null;
}

/** Those by which an answer may go, best first. */
export const listChannels = (number: number): Promise<Channel[]> => items(`tickets/${number}/channels`);

/** Stands for the last message where there was none. */
export const NONE_READ = "00000000-0000-0000-0000-000000000000";

/** `after` is the last message that its author knew of: where people said more, it is refused. */
export async function addMessage(number: number, visibility: Visibility, text: string, after: string): Promise<Message> {
  return (await call<Message>("POST", `tickets/${number}/messages`, { body: { visibility, text, after } })).body;
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
