// Who else looks at a ticket while this page shows it, and who writes.
import { sayGone, sayHere, type Present } from "./api/live";
import type { Named } from "./api/types";
import { live } from "./live.svelte";
import type { Presence as Told } from "./live/told";
import { session } from "./session.svelte";

const SAY_EVERY_MS = 20_000;
/** The host holds for twice as long that somebody writes. */
const TYPING_EVERY_MS = 3_000;

interface Other {
  agent: Named;
  hereUntil: number;
  typingUntil: number;
}

export interface Shown {
  agent: Named;
  isTyping: boolean;
}

export class Presence {
  /** In the order in which they came. */
  others: Shown[] = $state.raw([]);
  private readonly known = new Map<string, Other>();
  private expiry: ReturnType<typeof setTimeout> | undefined;
  private typedAt = -Infinity;
  private toldTypingAt = -Infinity;
  /** What is said goes out in its order. */
  private said: Promise<unknown> = Promise.resolve();

  constructor(private readonly number: number) {}

  /** The page shows it; answers how to leave it. */
  enter(): () => void {
    const over = new AbortController();
    const { signal } = over;
    const timer = setInterval(() => this.here(), SAY_EVERY_MS);
    const end = live.on((told) => {
      if (told.what === "presence" && told.ticket === this.number) this.hear(told);
      // What was told meanwhile is not told again.
      else if (told.what === "begin") this.here();
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.gone() : this.here()), { signal });
    addEventListener("pagehide", () => void sayGone(this.number).catch(() => {}), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.here(), { signal });
    this.here();
    return () => {
      over.abort();
      clearInterval(timer);
      clearTimeout(this.expiry);
      end();
      this.gone();
    };
  }

  /** Somebody writes here, or has just emptied what was written. */
  typed(isEmpty: boolean): void {
    if (isEmpty) return this.stopped();
    this.typedAt = Date.now();
    if (this.typedAt - this.toldTypingAt >= TYPING_EVERY_MS) this.here();
  }

  /** What was written is sent, or no more. */
  stopped(): void {
    const wasTold = this.toldTypingAt > -Infinity;
    this.typedAt = -Infinity;
    if (wasTold) this.here();
  }

  private here(): void {
    if (document.hidden) return;
    const typing = Date.now() - this.typedAt < TYPING_EVERY_MS;
    this.toldTypingAt = typing ? Date.now() : -Infinity;
    this.say(async () => {
      const present = await sayHere(this.number, typing);
      this.known.clear();
      for (const one of present) this.take(one);
      this.show();
    });
  }

  private gone(): void {
    [this.typedAt, this.toldTypingAt] = [-Infinity, -Infinity];
    this.say(() => sayGone(this.number));
  }

  private say(work: () => Promise<void>): void {
    // Whoever cannot be told does without.
    this.said = this.said.then(work).catch(() => {});
  }

  private hear(told: Told): void {
    // Another tab of one's own has left: this one is still here.
    if (told.agent.id === session.current?.agent.id) return told.here_ms === 0 ? this.here() : undefined;
    this.take(told);
    this.show();
  }

  private take({ agent, here_ms, typing_ms }: Present): void {
    if (agent.id === session.current?.agent.id) return;
    const now = Date.now();
    if (here_ms > 0) this.known.set(agent.id, { agent, hereUntil: now + here_ms, typingUntil: now + typing_ms });
    else this.known.delete(agent.id);
  }

  /** Shows who is here now, and again when that ends by itself. */
  private show(): void {
    const now = Date.now();
    for (const [id, other] of this.known) if (other.hereUntil <= now) this.known.delete(id);
    const others = [...this.known.values()].map(({ agent, typingUntil }) => ({ agent, isTyping: typingUntil > now }));
    // Said again is not said anew.
    if (JSON.stringify(others) !== JSON.stringify(this.others)) this.others = others;
    const ends = [...this.known.values()].flatMap(({ hereUntil, typingUntil }) => [hereUntil, typingUntil]).filter((at) => at > now);
    clearTimeout(this.expiry);
    if (ends.length) this.expiry = setTimeout(() => this.show(), Math.min(...ends) - now);
  }
}
