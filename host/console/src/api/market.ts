// The marketplace that this host trusts.
import { call, get } from "./client";
import type { Install, Permission } from "./plugins";
import type { Localized } from "./types";

export interface MarketVersion {
  version: string;
  /** Versions of the contract that it runs on. */
  platform: string;
  /** Whether it runs on this host. */
  runs_here: boolean;
  /** Of the package. */
  digest: string;
  size_bytes: number;
  published_at: string;
  /** The fingerprint of the publisher's key. */
  signed_by: string;
  permissions: Omit<Permission, "granted">[];
  /** Why it was taken back. */
  revoked: string | null;
}

export interface MarketPlugin {
  /** `publisher/name`. */
  id: string;
  publisher: string;
  title: Localized;
  summary: Localized;
  /** Newest first. */
  versions: MarketVersion[];
  /** The install of it in this tenant. */
  installed: { id: string; version: string; state: Install["state"] } | null;
}

export interface Market {
  /** Its name for people. */
  marketplace: string;
  items: MarketPlugin[];
}

export function searchMarket(words: string): Promise<Market> {
  return get(`marketplace/plugins${words ? `?${new URLSearchParams({ q: words })}` : ""}`);
}

/** The highest version that fits `publisher/name@range`; it waits for consent. */
export async function installFromMarket(reference: string): Promise<Install> {
  return (await call<Install>("POST", "plugins", { body: { marketplace: reference } })).body;
}
