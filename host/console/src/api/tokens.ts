// Bearer tokens of programs.
import { call, items } from "./client";

export interface Token {
  id: string;
  name: string;
  /** `api`, or `plugin:publisher/name` for a plugin's routes. */
  scopes: string[];
  /** The agent in whose name it acts; null where it is good for routes only. */
  agent: string | null;
  created_at: string;
  expires_at: string | null;
}

export interface NewToken {
  name: string;
  scopes: string[];
  agent: string | null;
  expires_at: string | null;
}

export const listTokens = (): Promise<Token[]> => items("tokens");

/** The answer holds the secret: it is told once, and never again. */
export async function createToken(wish: NewToken): Promise<{ id: string; token: string }> {
  return (await call<{ id: string; token: string }>("POST", "tokens", { body: wish })).body;
}

export async function revokeToken(id: string): Promise<void> {
  await call("DELETE", `tokens/${id}`);
}
