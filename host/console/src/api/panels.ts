// What plugins show in the console: which panels there are, one of them rendered, an action of it done.
import type { Answer, View } from "../blocks/types";
import { call, items } from "./client";
import type { Localized } from "./types";

export type Location = "ticket.sidebar" | "ticket.banner" | "ticket.action" | "customer.sidebar" | "nav.page" | "home.widget" | "settings.page";

export interface Panel {
  install: string;
  /** `publisher/name`. */
  plugin: string;
  plugin_title: Localized;
  /** Unique within the install. */
  view: string;
  location: Location;
  title: Localized;
}

/** What a view is about; views of no ticket and no customer are about nothing. */
export type Subject = { ticket: number } | { customer: string };

/** Which view, about what, in which language. */
export interface Asked {
  panel: Pick<Panel, "install" | "view">;
  subject: Subject | undefined;
  locale: string;
}

/** Those that whoever is signed in may see. */
export const listPanels = (): Promise<Panel[]> => items("panels");

async function ask<Body>({ panel, subject, locale }: Asked, what: string, more: object): Promise<Body> {
  const path = `panels/${encodeURIComponent(panel.install)}/${encodeURIComponent(panel.view)}/${what}`;
  return (await call<Body>("POST", path, { body: { ...(subject ? { subject } : {}), locale, ...more } })).body;
}

export const renderPanel = (asked: Asked): Promise<View> => ask(asked, "rendering", {});
export const actOnPanel = (asked: Asked, action: string, input: unknown): Promise<Answer> => ask(asked, "actions", { action, input });
