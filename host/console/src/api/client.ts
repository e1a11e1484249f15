// The one way to the host's API: addresses, the CSRF token, errors.
import type { Cursor, Page } from "./types";

/** The tenant is the second part of every address: `/t/{tenant}/…`. */
export const base = `/t/${location.pathname.split("/")[2] ?? ""}`;
export const api = `${base}/api/v1`;

/** What the host refused, in its own words (problem+json). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }

  /** The ticket is not, or no longer, what the change was meant for. */
  get isStale(): boolean {
    return this.status === 412 || this.status === 409;
  }
}

export interface Answer<Body> {
  body: Body;
  etag: string | null;
}

interface Wish {
  body?: unknown;
  /** Sent as `If-Match`: the change is refused if somebody was faster. */
  etag?: string | null;
  signal?: AbortSignal;
}

let csrf: string | null = null;
let onSignedOut: () => void = () => {};

/** Every request but GET carries the session's token. */
export function useToken(token: string | null): void {
  csrf = token;
}

/** Called when the host says that nobody is signed in. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

function parsed(text: string): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in between may answer with a page of its own.
    return null;
  }
}

export async function call<Body>(method: string, path: string, wish: Wish = {}): Promise<Answer<Body>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET" && csrf) headers["x-csrf-token"] = csrf;
  if (wish.body !== undefined) headers["content-type"] = "application/json";
  if (wish.etag) headers["if-match"] = wish.etag;
  const response = await fetch(`${api}/${path}`, {
    method,
    headers,
    body: wish.body === undefined ? null : JSON.stringify(wish.body),
    signal: wish.signal ?? null,
  });
  const answer = parsed(await response.text());
  if (!response.ok) {
    if (response.status === 401 && path !== "session") onSignedOut();
    const problem = answer as { detail?: string; title?: string } | null;
    throw new Problem(response.status, problem?.detail ?? problem?.title ?? `${response.status} ${response.statusText}`);
  }
  return { body: answer as Body, etag: response.headers.get("etag") };
}

export async function get<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return (await call<Body>("GET", path, signal ? { signal } : {})).body;
}

export async function items<Item>(path: string): Promise<Item[]> {
  return (await get<{ items: Item[] }>(path)).items;
}

const PAGE = "50";

/** One page of a list; what is empty is not asked for. */
export function page<Item>(path: string, wanted: Record<string, string>, cursor: Cursor | null, signal?: AbortSignal): Promise<Page<Item>> {
  const query = new URLSearchParams({ limit: PAGE });
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value);
  if (cursor !== null) query.set("cursor", String(cursor));
  return get(`${path}?${query}`, signal);
}

/** What to tell people of an error, whatever it is. */
export function wording(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
