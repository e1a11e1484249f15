// The host's API. Every page speaks to it through here.
export interface Named { id: string; name: string }
export interface Actor { kind: string; id: string; name: string }
export interface Agent extends Named { email: string; role: string }
export interface Session { agent: Agent; tenant: { slug: string; name: string }; csrf_token: string }
export interface Summary { id: string; number: number; subject: string; state: string; kind: string; priority: number; channel: string; tags: string[]; requester: Named | null; assignee: Named | null; group: Named | null; created_at: string; updated_at: string; version: number }
export interface Ticket extends Summary { impact: number; urgency: number; pending_reason: string | null; pending_until: string | null; fields: Record<string, unknown> }
export interface Message { id: string; at: string; author: Actor; visibility: "public" | "internal"; text: string; attachments: { file: string; name: string; size: number }[] }
export interface Change { name: string; old: unknown; new: unknown; old_label: string | null; new_label: string | null }
export interface Condition { field: string; operator: string; wanted: unknown; found: unknown }
export interface Entry { sequence: number; kind: string; at: string; actor: Actor; cause: { plugin: string; version: string; digest: string; event: number | null } | null; because: { rule: string; detail: { conditions?: Condition[] } } | null; changes: Change[]; data: Record<string, unknown> | null }
export interface Install { id: string; plugin: string; title: Record<string, string>; version: string; digest: string; state: "enabled" | "disabled"; position: number; permissions: { name: string; reason: Record<string, string>; granted: boolean }[] }
export interface Run { at: string; point: string; event: number | null; outcome: string; detail: string | null; cpu_us: number; effects: number; log: string[] }
export interface DeadLetter { plugin: string; sequence: number; ticket_number: number | null; reason: string; at: string }

export class Problem extends Error {
  constructor(readonly status: number, detail: string) {
    super(detail);
  }
}

export const tenant = decodeURIComponent(location.pathname.split("/")[2] ?? "");
export const base = `/t/${encodeURIComponent(tenant)}`;
let csrf = "";

export function signedInWith(session: Session): Session {
  csrf = session.csrf_token;
  return session;
}

export async function call<T>(method: string, path: string, body?: unknown, version?: number): Promise<T> {
  const headers: Record<string, string> = {};
  if (method !== "GET" && csrf) headers["x-csrf-token"] = csrf;
  if (body !== undefined) headers["content-type"] = "application/json";
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  const response = await fetch(`${base}/api/v1/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  const answer: unknown = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Problem(response.status, (answer as { detail?: string } | null)?.detail ?? response.statusText);
  return answer as T;
}

export const get = <T>(path: string) => call<T>("GET", path);
export const items = async <T>(path: string) => (await get<{ items: T[] }>(path)).items;
