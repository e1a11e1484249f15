// Which page stands at which address. What is looked at all day is there at once; the rest is fetched when it is first opened.
import type { Component } from "svelte";

type Page = Component<Record<string, string>>;

interface Place {
  /** Addresses of one key are one page: going from one to the other keeps what is typed there. */
  key: string;
  load: () => Promise<{ default: Page }>;
  /** The named parts of the address. */
  named: Record<string, string>;
}

type Load = () => Promise<{ default: unknown }>;

const PLACES: [RegExp, Load][] = [
  [/^\/suspended$/, () => import("./pages/SuspendedPage.svelte")],
  [/^\/suspended\/(?<id>[^/]+)$/, () => import("./pages/SuspendedItemPage.svelte")],
  [/^\/customers$/, () => import("./pages/CustomersPage.svelte")],
  [/^\/customers\/(?<id>[^/]+)$/, () => import("./pages/CustomerPage.svelte")],
  [/^\/reports$/, () => import("./pages/ReportsPage.svelte")],
  [/^\/reports\/(?<install>[^/]+)\/(?<name>[^/]+)$/, () => import("./pages/ReportPage.svelte")],
  // What plugins bring.
  [/^\/pages\/(?<install>[^/]+)\/(?<view>[^/]+)$/, () => import("./pages/PanelPage.svelte")],
  [/^\/people$/, () => import("./pages/PeoplePage.svelte")],
  // For authors of plugins: every block. Nothing leads here but its address.
  [/^\/gallery$/, () => import("./pages/GalleryPage.svelte")],
  [/^\/audit$/, () => import("./pages/AuditPage.svelte")],
  [/^\/settings\/tokens$/, () => import("./pages/TokensPage.svelte")],
  [/^\/settings\/plugins$/, () => import("./pages/PluginsPage.svelte")],
  [/^\/settings\/dead-letters$/, () => import("./pages/DeadLettersPage.svelte")],
  [/^\/settings\/plugins\/(?<id>[^/]+)$/, () => import("./pages/InstallPage.svelte")],
  [/^\/settings\/plugins\/(?<id>[^/]+)\/consent$/, () => import("./pages/ConsentPage.svelte")],
  [/^\/marketplace$/, () => import("./pages/MarketPage.svelte")],
  [/^\/marketplace\/(?<publisher>[^/]+)\/(?<name>[^/]+)$/, () => import("./pages/MarketPluginPage.svelte")],
];

/** The page at that address below the tenant's, if there is one. */
export function placeAt(path: string): Place | undefined {
  for (const [pattern, load] of PLACES) {
    const found = pattern.exec(path);
    // The address gives every part that its pattern names, and a page asks for just these.
    if (found) return { key: path, load: load as Place["load"], named: { ...found.groups } };
  }
  return undefined;
}
