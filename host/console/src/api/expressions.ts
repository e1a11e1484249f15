// The one expression language: which names there are, and whether a text is one.
import { call, items } from "./client";
import type { Localized } from "./types";

/** A name that expressions may use of tickets. */
export interface KnownName {
  name: string;
  /** `text`, `integer`, `number`, `boolean`, `instant`, `texts`, `id`. */
  type: string;
  title: Localized;
  values: { value: string; title: Localized }[];
}

export interface Mistake {
  /** From 1. */
  line: number;
  column: number;
  message: string;
}

export const listNames = (): Promise<KnownName[]> => items("expressions/names");

/** What is wrong with a text; null where nothing is. */
export async function checkExpression(text: string, signal?: AbortSignal): Promise<Mistake | null> {
  const wish = { body: { expression: text }, ...(signal ? { signal } : {}) };
  return (await call<{ mistake: Mistake | null }>("POST", "expressions/check", wish)).body.mistake;
}
