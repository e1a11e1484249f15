// Agents, groups, customers, and the log of who changed what.
import { call, get, items, page } from "./client";
import type { Access, Agent, Cursor, Entry, Named, Page, Role } from "./types";

export interface Identity {
  /** `scheme:value`. */
  name: string;
  /** Proven by its owner, not only claimed. */
  verified: boolean;
}

export interface Customer extends Named {
  identities: Identity[];
  groups: Named[];
  /** Empty where nobody knows. */
  locale: string;
  fields: Record<string, unknown>;
  version: number;
}

export interface CustomerGroup extends Named {
  kind: "organisation" | "group";
  shares_tickets: boolean;
}

export interface Member {
  agent: Named;
  access: Access;
}

export interface NewAgent {
  name: string;
  email: string;
  role: Role;
  password: string;
}

export type AgentWish = Pick<Agent, "name" | "role" | "elsewhere" | "active">;
export type CustomerWish = Pick<Customer, "name" | "locale"> & { groups: string[] };

export const listAgents = (): Promise<Agent[]> => items("agents");
export const listGroups = (): Promise<Named[]> => items("groups");
export const listMembers = (group: string): Promise<Member[]> => items(`groups/${group}/members`);

export async function createAgent(wish: NewAgent): Promise<void> {
  await call("POST", "agents", { body: wish });
}

export async function setAgent(id: string, wish: AgentWish): Promise<void> {
  await call("PUT", `agents/${id}`, { body: wish });
}

/** Makes a group, or renames the one of that id. */
export async function saveGroup(id: string | null, name: string): Promise<void> {
  await (id ? call("PUT", `groups/${id}`, { body: { name } }) : call("POST", "groups", { body: { name } }));
}

export async function join(group: string, agent: string, access: Access): Promise<void> {
  await call("PUT", `groups/${group}/members/${agent}`, { body: { access } });
}

export async function leave(group: string, agent: string): Promise<void> {
  await call("DELETE", `groups/${group}/members/${agent}`);
}

export function listCustomers(words: string, cursor: Cursor | null, signal?: AbortSignal): Promise<Page<Customer>> {
  return page("customers", { q: words }, cursor, signal);
}

export const loadCustomer = (id: string): Promise<Customer> => get(`customers/${id}`);
export const listCustomerGroups = (): Promise<CustomerGroup[]> => items("customer-groups");

export type CustomerGroupWish = Omit<CustomerGroup, "id">;

/** Makes a customer group, or changes the one of that id. */
export async function saveCustomerGroup(id: string | null, wish: CustomerGroupWish): Promise<void> {
  await (id ? call("PUT", `customer-groups/${id}`, { body: wish }) : call("POST", "customer-groups", { body: wish }));
}

export async function setCustomer(id: string, wish: CustomerWish): Promise<Customer> {
  return (await call<Customer>("PUT", `customers/${id}`, { body: wish })).body;
}

export interface AuditFilter {
  /** Kinds that begin so. */
  kind: string;
  /** An agent's id. */
  actor: string;
}

export function listAudit(filter: AuditFilter, cursor: Cursor | null, signal?: AbortSignal): Promise<Page<Entry>> {
  return page("audit", { ...filter }, cursor, signal);
}
