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
