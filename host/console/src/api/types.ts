// What the host's API answers with.
export interface Named {
  id: string;
  name: string;
}

export interface Actor extends Named {
  /** `anonymous`: nobody known, as in the suspended queue. */
  kind: "customer" | "agent" | "plugin" | "system" | "anonymous";
}

export type Role = "helper" | "agent" | "supervisor" | "admin";
export type Access = "none" | "read" | "change" | "supervise";

export interface Agent extends Named {
  email: string;
  role: Role;
  /** Access to the tickets of groups that he is no member of. */
  elsewhere: Access;
  active: boolean;
}

export interface Session {
  agent: Agent;
  tenant: { slug: string; name: string };
  csrf_token: string | null;
}

export type Cursor = string | number;

export interface Page<Item> {
  items: Item[];
  next: Cursor | null;
}

export interface TicketSummary {
  id: string;
  /** Suspended tickets have none yet. */
  number: number | null;
  subject: string;
  state: string;
  kind: string;
  priority: number;
  channel: string;
  tags: string[];
  requester: Named | null;
  assignee: Named | null;
  group: Named | null;
  created_at: string;
  updated_at: string;
  version: number;
  /** What the view shows beside, by its names. */
  columns?: Record<string, unknown>;
}

export interface Link {
  /** What the other one is to this. */
  relation: string;
  ticket: string;
  /** Absent, as what follows, where one may not see the other ticket. */
  number: number | null;
  subject: string | null;
  state: string | null;
}

export interface Participant {
  role: "cc" | "watcher" | "helper";
  who: Actor;
  until: string | null;
}

export interface Ticket extends TicketSummary {
  impact: number;
  urgency: number;
  pending_reason: string | null;
  pending_until: string | null;
  /** What it was when it was deleted. */
  prior_state: string | null;
  legal_hold: boolean;
  links: Link[];
  participants: Participant[];
  suspension: { reason: string; sender: string; source: string; recovered_at: string | null } | null;
  fields: Record<string, unknown>;
}

export interface Attachment {
  file: string;
  name: string;
  media_type: string;
  size: number;
  /** The name by which the message's HTML shows it, after `cid:`. */
  inline_id?: string | null;
}

export type Visibility = "public" | "internal";

/** How far a message is on its way out. */
export interface Delivery {
  /** `waiting`, `sending`, `sent`, `failed`. */
  state: string;
  /** A code such as `no-way-out`. */
  reason: string | null;
  /** The same in words, such as what the other side said. */
  detail: string | null;
  /** What is or will be sent. */
  file: string | null;
  /** To whom. */
  address: string | null;
  at: string;
  plugin: string;
}

export interface Message {
  id: string;
  at: string;
  author: Actor;
  visibility: Visibility;
  text: string;
  attachments: Attachment[];
  /** As it came, made safe by the channel's plugin. */
  html?: string | null;
  /** What the channel tells of it: `source` (a file), `automatic`, `unverified`. */
  fields?: Record<string, unknown>;
  delivery?: Delivery | null;
}

export interface Change {
  name: string;
  old: unknown;
  new: unknown;
  old_label: string | null;
  new_label: string | null;
}

export interface Cause {
  plugin: string;
  version: string;
  digest: string;
  install: string;
  event: number | null;
}

export interface Entry {
  sequence: number;
  kind: string;
  at: string;
  actor: Actor;
  cause: Cause | null;
  because: { rule: string; detail: unknown } | null;
  root: number;
  depth: number;
  changes: Change[];
  data: unknown;
}

/** A text in each language that its author wrote it in. */
export type Localized = Record<string, string>;

export interface Run {
  at: string;
  point: string;
  event: number | null;
  ticket: string | null;
  outcome: string;
  detail: string | null;
  cpu_us: number;
  wall_us: number;
  memory_bytes: number;
  host_calls: number;
  effects: number;
  /** The limit of a call that it came nearest to. */
  nearest: { limit: string; percent: number } | null;
  log: string[];
}

export interface Job {
  id: string;
  name: string;
  state: "waiting" | "running" | "dead";
  due_at: string;
  attempt: number;
  scheduled: boolean;
  event: number | null;
  reason: string | null;
}

export interface DeadLetter {
  install: string;
  plugin: string;
  sequence: number;
  ticket_number: number | null;
  reason: string;
  at: string;
}
