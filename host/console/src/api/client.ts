// The one way to the host's API: addresses, the CSRF token, errors.
import type { Cursor, Page } from "./types";

/** The tenant is the second part of every address: `/t/{tenant}/…`. */
export const base = `/t/${location.pathname.split("/")[2] ?? ""}`;
export const api = `${base}/api/v1`;

/** What is wrong at one place of what was sent, by JSON pointer. */
export interface Misfit {
  pointer: string;
  detail: string;
}

/** What the host refused, in its own words (problem+json). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly misfits: Misfit[] = [],
    /** The messages that others had added before. */
    readonly since: readonly string[] = [],
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
  /** Sent as it is, in place of a JSON body. */
  raw?: { content: Blob; type: string };
  /** What is wanted in place of JSON. */
  accept?: string;
  /** Goes out even where the page goes. */
  keepalive?: boolean;
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

/** Settings that do not fit are told as `…: /place: why; /other/place: why`. */
function misfitsOf(detail: string): Misfit[] {
  const [, list] = /^[^/]* do not fit: (.*)$/s.exec(detail) ?? [];
  return (list?.split(/; (?=\/)/) ?? []).map((one) => {
    const [, pointer, why] = /^(\/[^:]*): (.*)$/s.exec(one) ?? [];
    return { pointer: pointer === "/" ? "" : (pointer ?? ""), detail: why ?? one };
  });
}

async function send(method: string, path: string, wish: Wish): Promise<Response> {
  const headers: Record<string, string> = { accept: wish.accept ?? "application/json" };
  if (method !== "GET" && csrf) headers["x-csrf-token"] = csrf;
  if (wish.body !== undefined) headers["content-type"] = "application/json";
  if (wish.raw) headers["content-type"] = wish.raw.type;
  if (wish.etag) headers["if-match"] = wish.etag;
  const response = await fetch(`${api}/${path}`, {
    method,
    headers,
    body: wish.raw?.content ?? (wish.body === undefined ? null : JSON.stringify(wish.body)),
    signal: wish.signal ?? null,
    keepalive: wish.keepalive ?? false,
  });
  if (response.ok) return response;
  if (response.status === 401 && path !== "session") onSignedOut();
  const problem = parsed(await response.text()) as { detail?: string; title?: string; errors?: Partial<Misfit>[]; since?: string[] } | null;
  const detail = problem?.detail ?? problem?.title ?? `${response.status} ${response.statusText}`;
  const told = problem?.errors?.filter((one): one is Misfit => one.pointer !== undefined && one.detail !== undefined) ?? [];
  throw new Problem(response.status, detail, told.length ? told : misfitsOf(detail), problem?.since);
}

export async function call<Body>(method: string, path: string, wish: Wish = {}): Promise<Answer<Body>> {
  const response = await send(method, path, wish);
  return { body: parsed(await response.text()) as Body, etag: response.headers.get("etag") };
}

/** What does not end until somebody ends it. */
export async function stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { body } = await send("GET", path, { signal, accept: "text/event-stream" });
  return body ?? new ReadableStream({ start: (empty) => empty.close() });
}

/** Asks for a file and hands it to whoever sits there, under that name. */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  const response = await send("POST", path, { body });
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  [link.href, link.download] = [address, name];
  link.click();
  URL.revokeObjectURL(address);
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
