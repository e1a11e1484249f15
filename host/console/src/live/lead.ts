// Which tab of a browser has the connection: the one that holds the lock. Browsers put tabs to sleep without taking their locks away: one that is asked whether
// it is there, and does not answer, loses it to the tab that asked.

const ASK_EVERY_MS = 10_000;
/** What is said to a tab that only has slow clocks is heard at once: whoever takes longer is asleep. */
const ANSWER_MS_MAX = 5_000;

export interface Leads {
  /** This tab has the connection from now on. */
  begins: () => void;
  /** Another one has. */
  ends: () => void;
  /** The tab that has it is to be asked whether it is there. */
  asks: () => void;
}

export class Lead {
  private isHeld = false;
  /** The place among those that wait for the lock, until it is given up. */
  private turn = new AbortController();
  private overdue: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly name: string,
    private readonly leads: Leads,
    private readonly over: AbortSignal,
  ) {
    const timer = setInterval(() => this.ask(), ASK_EVERY_MS);
    over.addEventListener("abort", () => {
      clearInterval(timer);
      clearTimeout(this.overdue);
      this.turn.abort();
    });
    this.follow();
  }

  /** Only a tab that is looked at waits for the answer: the clocks of others are slow. */
  ask(): void {
    this.heard();
    if (this.isHeld) return;
    this.leads.asks();
    if (!document.hidden) this.overdue = setTimeout(() => this.seize(), ANSWER_MS_MAX);
  }

  /** The tab that has it is there. */
  heard(): void {
    clearTimeout(this.overdue);
  }

  /** It is this tab's turn when those before it have gone. */
  private follow(): void {
    this.turn = new AbortController();
    void this.hold({ signal: this.turn.signal });
    this.ask();
  }

  private seize(): void {
    this.turn.abort();
    void this.hold({ steal: true });
  }

  private async hold(how: LockOptions): Promise<void> {
    let wasHeld = false;
    const lead = async () => {
      if (this.over.aborted) return;
      wasHeld = this.isHeld = true;
      this.heard();
      this.leads.begins();
      await new Promise((done) => this.over.addEventListener("abort", done));
    };
    await navigator.locks.request(this.name, how, lead).catch(() => {});
    if (!wasHeld || this.over.aborted) return;
    // This one slept: another one has taken it.
    this.isHeld = false;
    this.leads.ends();
    this.follow();
  }
}
