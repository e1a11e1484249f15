// What a page shows once it has come: loading, failed, there; whole, or page by page.
import { wording } from "./api/client";
import type { Cursor, Page } from "./api/types";

/** Something that comes at once. */
export class Loaded<Body> {
  body: Body | null = $state.raw(null);
  isLoading = $state(true);
  problem = $state("");

  constructor(private readonly ask: () => Promise<Body>) {
    void this.load();
  }

  async load(): Promise<void> {
    this.isLoading = true;
    this.problem = "";
    try {
      this.body = await this.ask();
    } catch (error) {
      this.body = null;
      this.problem = wording(error);
    } finally {
      this.isLoading = false;
    }
  }
}

type Ask<Item, Filter> = (filter: Filter, cursor: Cursor | null, signal: AbortSignal) => Promise<Page<Item>>;

/** A list that comes page by page. A newer question takes an older one's place. */
export class Paged<Item, Filter> {
  items: Item[] = $state.raw([]);
  next: Cursor | null = $state(null);
  isLoading = $state(true);
  problem = $state("");
  private asked: AbortController | undefined;

  constructor(private readonly ask: Ask<Item, Filter>) {}

  /** Asks anew, from the first page. */
  start(filter: Filter): Promise<void> {
    this.items = [];
    this.next = null;
    return this.load(filter, null);
  }

  more(filter: Filter): Promise<void> {
    return this.load(filter, this.next);
  }

  /** The page has been left. */
  stop(): void {
    this.asked?.abort();
  }

  private async load(filter: Filter, cursor: Cursor | null): Promise<void> {
    this.asked?.abort();
    const mine = (this.asked = new AbortController());
    this.isLoading = true;
    this.problem = "";
    try {
      const page = await this.ask(filter, cursor, mine.signal);
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.next = page.next;
    } catch (error) {
      if (mine.signal.aborted) return;
      this.problem = wording(error);
    }
    if (this.asked === mine) this.isLoading = false;
  }
}
