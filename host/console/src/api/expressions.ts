// The one expression language: which names there are, and whether a text is an expression.
import { call, get } from "./client";
import type { Localized } from "./types";

/** A name that expressions may use of tickets. */
export interface KnownName {
  /** As it is written; of a plugin's field, `fields["publisher/name/field"]`. */
  name: string;
  /** `text`, `integer`, `number`, `boolean`, `instant`, `texts`. */
  type: string;
  title: Localized;
  /** What can be asked of it, as expressions write it: `==`, `contains`, … */
  operators: string[];
  /** Values that it is known to have. */
  values: { value: string; title: Localized }[];
}

/** A function, a constant, or what joins conditions. */
export interface KnownFunction {
  /** As it is written; `…` stands for what belongs there. */
  text: string;
  title: Localized;
}

export interface Known {
  names: KnownName[];
  functions: KnownFunction[];
}

export interface Mistake {
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  message: string;
}

export const loadKnown = (): Promise<Known> => get("expressions/names");

/** What is wrong with a text; null where nothing is. */
export async function checkExpression(text: string, signal: AbortSignal): Promise<Mistake | null> {
  const answer = await call<{ errors?: Mistake[] }>("POST", "expressions/check", { body: { kind: "tickets", text }, signal });
  return answer.body.errors?.[0] ?? null;
}
