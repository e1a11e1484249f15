// What a settings form picks from, and what is wrong in it: given once, at its top, and read wherever a field needs it.
import { getContext, setContext } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import type { Misfit } from "../api/client";
import type { Named } from "../api/types";

/** A field of tickets that a rule may name. */
export interface KnownField {
  name: string;
  title: string;
  /** `text`, `integer`, `number`, `boolean`, `instant`, `texts`, `id`. */
  type: string;
}

export interface Sources {
  agents: Named[];
  groups: Named[];
  customerGroups: Named[];
  /** Those that plugins brought. */
  fields: KnownField[];
}

export const NO_SOURCES: Sources = { agents: [], groups: [], customerGroups: [], fields: [] };

/** The state of one form. */
export class Form {
  sources: Sources = $state.raw(NO_SOURCES);
  misfits: Misfit[] = $state.raw([]);
  /** Pointers of those that are set. */
  secretsSet: string[] = $state.raw([]);
  /** Controls whose text is to be JSON and is none: the value is not what stands there. */
  readonly unread = new SvelteSet<string>();

  at(pointer: string): string[] {
    return this.misfits.filter((one) => one.pointer === pointer).map((one) => one.detail);
  }

  /** There or further inside, for what has no places of its own to tell it at. */
  within(pointer: string): string[] {
    return this.misfits.filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`)).map((one) => one.detail);
  }

  /** How many are wrong there or further inside. */
  countBelow(pointer: string): number {
    return this.within(pointer).length;
  }
}

const KEY = Symbol("form");

export function provideForm(form: Form): void {
  setContext(KEY, form);
}

export function useForm(): Form {
  return getContext<Form>(KEY);
}
