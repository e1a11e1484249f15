// What is being written on tickets, kept in this browser until it is sent: neither an error, nor leaving, nor closing the browser loses it.
import type { Visibility } from "../api/types";

export interface Draft {
  visibility: Visibility;
  text: string;
}

/** A draft as it is kept; each way that it was in has its own mark. */
export interface Kept extends Draft {
  mark: string;
  at: number;
}

/** Nobody goes on with what is older. */
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
const ALL = "guichet-draft ";

/** What one person writes is not for the next: the name tells whose it is. */
const ofAgent = (base: string, agent: string) => `${ALL}${base} ${agent} `;

export function nameOf(base: string, agent: string, number: number): string {
  return `${ofAgent(base, agent)}${number}`;
}

const leftOf = (base: string, agent: string) => `guichet-left ${base} ${agent}`;

export function hasLeft(base: string, agent: string): boolean {
  try {
    return localStorage.getItem(leftOf(base, agent)) !== null;
  } catch {
    return false;
  }
}

export function comeBack(base: string, agent: string): void {
  forget(leftOf(base, agent));
}

/** Where a tab keeps what it has while another one's stands under the name. */
export function besideOf(name: string): string {
  return `${name} beside`;
}

/** What a kept text says; null where there is nothing that could be read. */
export function read(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Kept> | null;
    if (typeof kept?.text !== "string" || typeof kept.mark !== "string") return null;
    return { visibility: kept.visibility === "internal" ? "internal" : "public", text: kept.text, mark: kept.mark, at: Number(kept.at) || 0 };
  } catch {
    return null;
  }
}

export function find(name: string): Kept | null {
  try {
    return read(localStorage.getItem(name));
  } catch {
    // Storage may be forbidden.
    return null;
  }
}

/** Keeps it, or forgets it where nothing is written; answers whether it could: storage may be forbidden, or full. */
export function keep(name: string, draft: Draft): boolean {
  const kept: Kept = { visibility: draft.visibility, text: draft.text, mark: crypto.getRandomValues(new Uint32Array(2)).join("-"), at: Date.now() };
  try {
    if (draft.text) localStorage.setItem(name, JSON.stringify(kept));
    else localStorage.removeItem(name);
    return true;
  } catch {
    return false;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // Where storage is forbidden, nothing is left in it.
  }
}

/** Forgets what nobody will go on with. */
export function tidy(): void {
  for (const name of namesFrom(ALL)) if (Date.now() - (find(name)?.at ?? 0) > KEPT_DAYS * DAY_MS) forget(name);
}

/** The numbers of the tickets on which somebody has written what is not sent. */
export function unsent(base: string, agent: string): number[] {
  const mine = ofAgent(base, agent);
  const numbers = namesFrom(mine).map((name) => parseInt(name.slice(mine.length)));
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** Somebody leaves: all that he has written is forgotten, and no tab keeps it again before he comes back. */
export function leave(base: string, agent: string): void {
  try {
    localStorage.setItem(leftOf(base, agent), "");
  } catch {
    // Where nothing can be kept, no tab keeps it again.
  }
  for (const name of namesFrom(ofAgent(base, agent))) forget(name);
}

function namesFrom(beginning: string): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(beginning));
  } catch {
    return [];
  }
}
