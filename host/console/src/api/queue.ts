// The suspended queue: what must not become a ticket yet.
import { call, get, items } from "./client";
import type { Message, Ticket } from "./types";

export interface Suspended {
  id: string;
  subject: string;
  channel: string;
  /** A code such as `email_loop`. */
  reason: string;
  /** Who seems to have sent it, as an identity. */
  sender: string;
  /** The file with what came in. */
  source: string;
  received_at: string;
  /** When the host rejects it by itself. */
  expires_at: string | null;
}

export interface SuspendedWhole extends Suspended {
  message: Message | null;
}

export const listSuspended = (): Promise<Suspended[]> => items("suspended");
export const loadSuspended = (id: string): Promise<SuspendedWhole> => get(`suspended/${id}`);

/** Recovers it as a ticket of its own, or as a reply on the ticket of that number. */
export async function recover(id: string, into: number | null): Promise<Ticket> {
  return (await call<Ticket>("PUT", `suspended/${id}/recovery`, { body: { into } })).body;
}

export async function reject(id: string): Promise<void> {
  await call("DELETE", `suspended/${id}`);
}
