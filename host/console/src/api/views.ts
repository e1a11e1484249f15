// Saved views: lists of tickets under a name.
import { call, items } from "./client";
import type { Named } from "./types";

/** Whom a view is for. */
export type Audience = { with: "me" } | { with: "all" } | { with: "group"; group: Named };

export interface View {
  id: string;
  name: string;
  /** An expression; empty: all tickets. */
  filter: string;
  /** A name, with a minus before it where the highest stands first. */
  sort: string;
  /** Names, in their order; empty: as lists have them. */
  columns: string[];
  shared: Audience;
  /** Whether whoever asks may change it. */
  may_change: boolean;
  /** How many tickets there are in it; null where nobody has counted. */
  count: number | null;
}

export interface ViewWish {
  name: string;
  filter: string;
  sort: string;
  columns: string[];
  shared: { with: "me" | "all" } | { with: "group"; group: string };
}

export const listViews = (): Promise<View[]> => items("views");

export async function saveView(id: string | null, wish: ViewWish): Promise<View> {
  const [method, path] = id ? ["PUT", `views/${id}`] : ["POST", "views"];
  return (await call<View>(method, path, { body: wish })).body;
}

export async function deleteView(id: string): Promise<void> {
  await call("DELETE", `views/${id}`);
}
