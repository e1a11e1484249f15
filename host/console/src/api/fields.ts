// Fields that plugins add to tickets, as lists show them.
import type { Tone } from "../blocks/types";
import { items } from "./client";
import type { Localized } from "./types";

export interface TicketField {
  /** `publisher/name/field`. */
  name: string;
  title: Localized;
  /** What it is one of, as far as the plugin says. */
  values: { value: string; title: Localized; tone: Tone }[];
  /** Whether it has a column in lists that do not say which columns they have. */
  listed: boolean;
  /** A view that tells more of it. */
  details?: { install: string; view: string };
}

/** Those of plugins that are enabled. */
export const listFields = (): Promise<TicketField[]> => items("fields");
