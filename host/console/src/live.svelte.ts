// What happens at the desk while one looks. A browser holds one connection for all of its tabs, for it may have six to a host: one tab has it and hands on what
// it hears; when that tab goes or falls asleep, another one goes on where it ended.
import { base, Problem } from "./api/client";
import { coalesce } from "./live/coalesce";
import { Connection } from "./live/connection";
import { Lead } from "./live/lead";
import type { Change, Told } from "./live/told";

const NAME = `guichet-live ${base}`;
/** Shorter than this, nobody needs to know. */
const LOST_MS = 10_000;

type Handler = (told: Told) => void;

/** What tabs say to each other. */
type Said =
  | { told: Told; after: number | null }
  /** How the tab that has the connection stands; it answers so to one that asks. */
  | { isConnected: boolean; last: number | null }
  | "who?"
  | "wake";

class Live {
  isConnected = $state(false);
  /** For so long that it should be said. */
  isLost = $state(false);
  private readonly handlers = new Set<Handler>();
  private connection: Connection | null = null;
  private channel: BroadcastChannel | null = null;
  /** Null where tabs cannot share one. */
  private lead: Lead | null = null;
  private over: AbortController | null = null;
  /** The last event that this tab was told of. */
  private last: number | null = null;
  private losing: ReturnType<typeof setTimeout> | undefined;

  /** Somebody is signed in. */
  start(): void {
    this.over = new AbortController();
    const { signal } = this.over;
    this.becomes(false);
    for (const changed of ["online", "offline"]) addEventListener(changed, () => this.connection?.renew(), { signal });
    document.addEventListener("visibilitychange", () => this.seen(), { signal });
    // A page that was put away whole heard nothing meanwhile.
    addEventListener("pageshow", (event) => event.persisted && this.tell({ what: "begin", sequence: this.last ?? 0, resumed: false }), { signal });
    // Locks are for pages that came by TLS only.
    if ("BroadcastChannel" in window && navigator.locks) this.share(signal);
    else this.seen();
  }

  /** Nobody is, any more. */
  stop(): void {
    this.over?.abort();
    this.channel?.close();
    this.disconnect();
    clearTimeout(this.losing);
    [this.over, this.channel, this.lead, this.last, this.losing] = [null, null, null, null, undefined];
    [this.isConnected, this.isLost] = [false, false];
  }

  /** Is told of everything; answers the way to end that. */
  on(handler: Handler): () => void {
    this.handlers.add(handler);
    return () => void this.handlers.delete(handler);
  }

  private share(over: AbortSignal): void {
    this.channel = new BroadcastChannel(NAME);
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => this.hear(data);
    this.lead = new Lead(NAME, { begins: () => this.connect(), ends: () => this.resign(), asks: () => this.say("who?") }, over);
  }

  private connect(): void {
    this.connection ??= new Connection({ after: () => this.last, told: (told) => this.hand(told), lost: () => this.becomes(false) });
    this.becomes(false);
  }

  private disconnect(): void {
    this.connection?.stop();
    this.connection = null;
  }

  /** Another tab has the connection. */
  private resign(): void {
    this.disconnect();
    this.becomes(false);
  }

  /** Where tabs cannot share one, only those that are looked at have one. */
  private seen(): void {
    if (this.lead) this.lead.ask();
    else if (document.hidden) this.disconnect();
    else this.connect();
    if (document.hidden || this.isConnected) return;
    if (this.connection) this.connection.wake();
    else this.say("wake");
  }

  /** What another tab says. */
  private hear(said: Said): void {
    // Only the tab that has the connection tells anything.
    if (typeof said === "object") this.lead?.heard();
    if (said === "who?") {
      if (this.connection) this.say({ isConnected: this.isConnected, last: this.last });
    } else if (said === "wake") {
      this.connection?.wake();
    } else if (this.connection) {
      // A tab that has gone spoke last.
    } else if ("told" in said) {
      const { told, after } = said;
      // Perhaps the other one went on from where this one had not been yet.
      const isGap = told.what === "begin" && told.resumed && (this.last ?? -1) < (after ?? 0);
      this.take(isGap ? { ...told, resumed: false } : told);
    } else {
      const { isConnected, last } = said;
      // More was told than came here: this tab slept meanwhile.
      const hasMissed = this.last !== null && last !== null && last > this.last;
      if (hasMissed) this.tell({ what: "begin", sequence: last, resumed: false });
      if (hasMissed || this.last === null) this.last = last;
      this.becomes(isConnected);
    }
  }

  /** What the connection of this tab tells. */
  private hand(told: Told): void {
    this.say({ told, after: this.last });
    this.take(told);
  }

  private take(told: Told): void {
    if (told.what === "begin") {
      this.becomes(true);
      // What a connection that goes on has to tell still comes: until then, this tab is where it was.
      if (!told.resumed) this.last = told.sequence;
    }
    if (told.what === "change" || told.what === "place") this.last = Math.max(this.last ?? 0, told.sequence);
    this.tell(told);
  }

  private tell(told: Told): void {
    for (const handler of [...this.handlers]) handler(told);
  }

  private becomes(isConnected: boolean): void {
    this.isConnected = isConnected;
    if (this.connection) this.say({ isConnected, last: this.last });
    if (!isConnected) {
      this.losing ??= setTimeout(() => (this.isLost = true), LOST_MS);
      return;
    }
    clearTimeout(this.losing);
    [this.losing, this.isLost] = [undefined, false];
  }

  private say(said: Said): void {
    this.channel?.postMessage(said);
  }
}

export const live = new Live();

/** What is not there, or not for these eyes, is not so a moment later either: only what else goes wrong is tried again. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof Problem && [403, 404, 410].includes(error.status))) throw error;
}

/**
 * Looks again when something happened that matters here, or may have: at once, then at most every so many milliseconds. What nobody sees is looked at
 * once somebody does. Answers the way to end it, for effects.
 */
export function follow(matters: (change: Change) => boolean, look: () => Promise<unknown>, everyMs: number): () => void {
  const soon = coalesce(() => look().catch(unlessRefused), everyMs);
  let isMissed = false;
  const ask = () => {
    isMissed = document.hidden;
    if (!isMissed) soon.ask();
  };
  const seen = () => isMissed && ask();
  const end = live.on((told) => {
    if (told.what === "begin" ? !told.resumed : told.what === "change" && matters(told)) ask();
  });
  document.addEventListener("visibilitychange", seen);
  return () => {
    end();
    soon.stop();
    document.removeEventListener("visibilitychange", seen);
  };
}
