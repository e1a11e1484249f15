// Saved views: lists of tickets under a name.
import { call, items } from "./client";
import type { Localized } from "./types";

export interface View {
  id: string;
  name: Localized;
  /** An expression; empty: all tickets. */
  filter: string;
  /** Names of what is shown; empty: as lists have them. */
  columns: string[];
  /** Names, with a minus before one that descends; empty: newest first. */
  sort: string[];
  shared: "nobody" | "group" | "everybody";
  /** With `group`: whose members see it. */
  group: string | null;
  position: number;
  /** Whether whoever asks may change it. */
  may_change: boolean;
  /** What of it cannot be answered any more, such as a field of a plugin that is gone. */
  errors?: { part: string; message: string }[];
}

export type ViewWish = Omit<View, "id" | "may_change" | "errors">;

/** How many tickets a view has; null where that cannot be counted. */
export interface ViewCount {
  view: string;
  count: number | null;
  /** There are more than that. */
  more: boolean;
}

export const listViews = (): Promise<View[]> => items("views");
export const countViews = (): Promise<ViewCount[]> => items("views/counts");

/** Makes a view, or changes the one of that id. */
export async function saveView(id: string | null, wish: ViewWish): Promise<View> {
  const [method, path] = id ? (["PUT", `views/${id}`] as const) : (["POST", "views"] as const);
  return (await call<View>(method, path, { body: wish })).body;
}

export async function deleteView(id: string): Promise<void> {
  await call("DELETE", `views/${id}`);
}
