// Plugins in this tenant: what they ask, how far they are, and each step of their life.
import { call, get, items } from "./client";
import type { Location } from "./panels";
import type { DeadLetter, Job, Localized, Run } from "./types";

export interface Permission {
  /** An interface such as `tickets-read`, or `http:<host>`. */
  name: string;
  reason: Localized;
  granted: boolean;
  /** Whether the plugin runs without it. */
  optional: boolean;
}

/** A version that may come next. */
export interface Ahead {
  version: string;
  /** Of the component; absent while only the package's name is known. */
  digest: string | null;
  package_digest: string | null;
  new_required: string[];
  new_optional: string[];
  permissions: Permission[];
}

export interface Install {
  id: string;
  plugin: string;
  title: Localized;
  version: string;
  digest: string;
  package_digest: string | null;
  state: "staged" | "enabled" | "disabled";
  epoch: number;
  position: number;
  permissions: Permission[];
  source: { kind: "folder" | "upload" | "marketplace"; signed_by: string | null };
  offered: Ahead | null;
  pending: Ahead | null;
  revoked: { reason: string; at: string } | null;
  /** It failed too often; without a time, it waits for an admin. */
  paused: { reason: string; times: number; until: string | null } | null;
  /** Whether it has a place of its own in the log: paused, disabled with its place kept, or catching up. */
  apart: boolean;
}

export interface Guard {
  kinds: string[];
  reason: Localized;
  on_failure: "open" | "closed";
}

export interface PluginRoute {
  path: string;
  methods: string[];
  access: "token" | "agent" | "public";
  acts_as: "viewer" | "plugin";
  durable: boolean;
}

/** What a version does, as its manifest says. */
/** What it carries to the people who ask. */
export interface PluginChannel {
  name: string;
  reaches: string[];
  /** `resend`, `ask` or `setting`. */
  on_unknown: string;
  window: { minutes: number; messages: number | null } | null;
}

export interface Offer {
  summary: Localized;
  events: { kind: string; filter: string | null }[];
  guard: Guard | null;
  routes: PluginRoute[];
  channel: PluginChannel | null;
  schedules: { name: string; cron: string; zone: string | null }[];
  collections: { name: string; version: number; publish: string | null }[];
  reports: { name: string; title: Localized }[];
  views: { name: string; title: Localized; location: Location }[];
  actions: { name: string; title: Localized }[];
  fields: { name: string; title: Localized; type: string; indexed: boolean }[];
  /** What a call needs beyond what is usual. */
  limits: { memory_mib: number | null; cpu_ms: number | null } | null;
}

export interface Parked {
  lane: string;
  ticket_number: number | null;
  sequence: number;
  attempts: number;
  due_at: string;
  reason: string;
}

export interface Standing {
  low: number;
  last_sequence: number;
  /** Those that are due first. */
  parked: Parked[];
  parked_lanes: number;
  waiting_jobs: number;
  dead_jobs: number;
  dead_letters: number;
  record_bytes: number;
  record_bytes_max: number;
}

export interface VersionHere {
  version: string;
  digest: string;
  installed_at: string;
  state: "current" | "previous" | "pending";
}

export interface InstallDetail extends Install, Offer {
  /** As consented to: a host may be allowed at a private address, `http:<host>@<address>`. */
  grants: string[];
  egress: { host: string; reason: Localized; granted: boolean; optional: boolean }[];
  settings_schema: unknown;
  settings: Record<string, unknown>;
  secrets_set: string[];
  versions: VersionHere[];
  standing: Standing;
  /** What the version that waits does; null where none waits. */
  pending_offer: Offer | null;
}

export const listInstalls = (): Promise<Install[]> => items("plugins");
export const loadInstall = (id: string): Promise<InstallDetail> => get(`plugins/${id}`);
export const listRuns = (id: string): Promise<Run[]> => items(`plugins/${id}/runs`);
export const listJobs = (id: string): Promise<Job[]> => items(`plugins/${id}/jobs`);
export const listDeadLetters = (): Promise<DeadLetter[]> => items("dead-letters");

const PACKAGE = "application/vnd.oci.image.layout.v1+tar";

/** `unsigned`: the admin answers for a publisher whom no marketplace knows. */
export async function uploadPackage(file: Blob, unsigned: boolean): Promise<Install> {
  const path = `plugins/packages${unsigned ? "?unsigned=true" : ""}`;
  return (await call<Install>("POST", path, { raw: { content: file, type: PACKAGE } })).body;
}

export async function consent(id: string, digest: string, grants: string[]): Promise<Install> {
  return (await call<Install>("PUT", `plugins/${id}/consent`, { body: { digest, grants } })).body;
}

/** `from`: where in the log it begins; left out, the host decides. */
export async function enable(id: string, from?: "now" | "place" | "beginning"): Promise<void> {
  await call("PUT", `plugins/${id}/enablement${from ? `?from=${from}` : ""}`);
}

export async function disable(id: string, keepsPlace: boolean): Promise<void> {
  await call("DELETE", `plugins/${id}/enablement${keepsPlace ? "?keep_place=true" : ""}`);
}

export async function setSettings(id: string, settings: unknown): Promise<void> {
  await call("PUT", `plugins/${id}/settings`, { body: { settings } });
}

export async function setPosition(id: string, position: number): Promise<void> {
  await call("PUT", `plugins/${id}/position`, { body: { position } });
}

export async function setGuard(id: string, onFailure: Guard["on_failure"]): Promise<void> {
  await call("PUT", `plugins/${id}/guard`, { body: { on_failure: onFailure } });
}

export async function upgrade(id: string): Promise<Install> {
  return (await call<Install>("POST", `plugins/${id}/upgrade`)).body;
}

export async function rollBack(id: string): Promise<Install> {
  return (await call<Install>("POST", `plugins/${id}/rollback`)).body;
}

export async function uninstall(id: string): Promise<void> {
  await call("DELETE", `plugins/${id}`);
}

export interface Replayed {
  outcome: string;
  detail: string | null;
}

export async function replay(letter: DeadLetter): Promise<Replayed> {
  return (await call<Replayed>("POST", `dead-letters/${letter.install}/${letter.sequence}/replay`)).body;
}

export async function reviveJob(job: string): Promise<void> {
  await call("PUT", `jobs/${job}/revival`);
}
