// Settings of plugins that are written and not saved yet, by install. They outlast a look at any other page, and signing in again; not the tab, for
// there may be secrets among them.
import { SvelteMap } from "svelte/reactivity";

export interface Unsaved {
  value: unknown;
  /** The settings with which it began, as JSON: by them one sees that somebody else was faster. */
  basis: string;
  /** What was written as JSON and cannot be read; empty where all was. */
  unread: string;
}

export const unsaved = new SvelteMap<string, Unsaved>();
