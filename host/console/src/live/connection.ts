// One connection to the host over which it tells what happens. What ends is begun again, from where it ended.
import { listen } from "../api/live";
import { Reader, type Told } from "./told";

const AGAIN_MS_MIN = 1_000;
const AGAIN_MS_MAX = 30_000;
/** The host says something every 15 s: a connection that is silent for longer is dead, though nobody said so. */
const SILENT_MS_MAX = 40_000;

export interface Hears {
  /** After which event the host is to go on; null: from now. */
  after: () => number | null;
  told: (told: Told) => void;
  lost: () => void;
}

export class Connection {
  private asked = new AbortController();
  private again = AGAIN_MS_MIN;
  private isOver = false;
  /** Ends the wait for the next attempt. */
  private hurry: (() => void) | null = null;

  constructor(private readonly hears: Hears) {
    void this.run();
  }

  /** Where it waits to try again, it tries now. */
  wake(): void {
    this.hurry?.();
  }

  /** The network has changed: whether what stood still does, nobody knows. */
  renew(): void {
    this.again = AGAIN_MS_MIN;
    if (this.hurry) this.hurry();
    else this.asked.abort();
  }

  stop(): void {
    this.isOver = true;
    this.asked.abort();
    this.hurry?.();
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      // Why it ended makes no difference: whoever is signed out is told so by the session.
      await this.follow().catch(() => {});
      if (this.isOver) return;
      this.hears.lost();
      await this.pause();
    }
  }

  private async follow(): Promise<void> {
    const asked = (this.asked = new AbortController());
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => asked.abort(), SILENT_MS_MAX);
    };
    heard();
    try {
      const reader = new Reader();
      for await (const piece of listen(this.hears.after(), asked.signal)) {
        heard();
        for (const told of reader.push(piece)) this.tell(told);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  private tell(told: Told): void {
    if (this.isOver) return;
    if (told.what === "begin") this.again = AGAIN_MS_MIN;
    this.hears.told(told);
  }

  /** Not all at the same moment: the host may just have started again. */
  private async pause(): Promise<void> {
    const wait = this.again * (0.5 + Math.random() / 2);
    this.again = Math.min(this.again * 2, AGAIN_MS_MAX);
    await new Promise<void>((done) => {
      this.hurry = done;
      setTimeout(done, wait);
    });
    this.hurry = null;
  }
}
