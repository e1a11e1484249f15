// What the host tells over the live connection.
import type { Named } from "../api/types";

/** The connection stands. Unless it is resumed, what is shown may be older than this. */
export interface Begin {
  what: "begin";
  sequence: number;
  resumed: boolean;
}

/** Something happened: what it is, is asked for by the API. */
export interface Change {
  what: "change";
  sequence: number;
  /** As the log names it: `message.added`. */
  kind: string;
  ticket: number | null;
  customer: string | null;
}

/** Somebody looks at a ticket, for so long from now unless told again. */
export interface Presence {
  what: "presence";
  ticket: number;
  agent: Named;
  /** Nothing: has left. */
  here_ms: number;
  typing_ms: number;
}

/** All up to here was told, though nothing of it was for these eyes. */
export interface Place {
  what: "place";
  sequence: number;
}

export type Told = Begin | Change | Presence | Place;

const KINDS = ["begin", "change", "presence"];

/** Reads server-sent events out of text that comes in pieces. */
export class Reader {
  private rest = "";
  private event = "";
  private place = "";
  private data: string[] = [];

  push(piece: string): Told[] {
    const lines = (this.rest + piece).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line.replace(/\r$/, "")));
  }

  private line(line: string): Told[] {
    if (!line) return this.end();
    const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    // A comment has no name: it says that the connection stands.
    if (name === "event") this.event = value;
    else if (name === "id") this.place = value;
    else if (name === "data") this.data.push(value);
    return [];
  }

  private end(): Told[] {
    const [event, place, data] = [this.event, this.place, this.data.join("\n")];
    [this.event, this.place, this.data] = ["", "", []];
    if (!data) return place ? [{ what: "place", sequence: Number(place) }] : [];
    // A newer host may tell what this page does not know yet.
    return KINDS.includes(event) ? [{ ...JSON.parse(data), what: event } as Told] : [];
  }
}
