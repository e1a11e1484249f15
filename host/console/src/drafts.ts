// What is being written on a ticket, kept in this tab until it is sent: neither an error, nor leaving, nor signing in again loses it.
import { base } from "./api/client";
import type { Visibility } from "./api/types";

export interface Draft {
  visibility: Visibility;
  text: string;
}

const key = (number: number) => `guichet-draft ${base} ${number}`;

export function keepDraft(number: number, draft: Draft): void {
  try {
    if (draft.text) sessionStorage.setItem(key(number), JSON.stringify(draft));
    else sessionStorage.removeItem(key(number));
  } catch {
    // Storage may be forbidden or full; then it lasts as long as the page.
  }
}

export function keptDraft(number: number): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(number)) ?? "null") as Draft | null;
    if (typeof kept?.text === "string") return { visibility: kept.visibility === "internal" ? "internal" : "public", text: kept.text };
  } catch {
    // Nothing that could be read.
  }
  return { visibility: "public", text: "" };
}

/** What is on its way to the host. */
export interface Sending {
  text: string;
  /** Whether it was taken. */
  arrived: Promise<boolean>;
}

const sending = new Map<number, Sending>();

/** What was sent on that ticket and is not answered yet: whoever comes back to it meanwhile must not send it twice. */
export function onItsWay(number: number): Sending | undefined {
  return sending.get(number);
}

/** Sends what is written. What was taken is no draft any more, even if the page has been left since. */
export function sendDraft(number: number, draft: Draft, deliver: () => Promise<boolean>): Sending {
  const arrived = deliver()
    .then((isTaken) => {
      if (isTaken && keptDraft(number).text === draft.text) keepDraft(number, { ...draft, text: "" });
      return isTaken;
    })
    .finally(() => sending.delete(number));
  const mine = { text: draft.text, arrived };
  sending.set(number, mine);
  return mine;
}
