// What a page shows once it has come: loading, failed, there; whole, or page by page.
import { wording } from "./api/client";
import type { Cursor, Page } from "./api/types";
import { kept } from "./kept";

/** Something that comes at once. */
export class Loaded<Body> {
  body: Body | null = $state.raw(null);
  isLoading = $state(true);
  problem = $state("");

  private newest = 0;

  constructor(private readonly ask: () => Promise<Body>) {
    void this.load();
  }

  async load(): Promise<void> {
    const asked = ++this.newest;
    this.isLoading = true;
    this.problem = "";
    try {
      const body = await this.ask();
      if (asked === this.newest) this.body = body;
    } catch (error) {
      if (asked === this.newest) [this.body, this.problem] = [null, wording(error)];
    } finally {
      if (asked === this.newest) this.isLoading = false;
    }
  }

  /** In the background: what stands stays until there is something else. That it went wrong is for whoever will try again. */
  async again(): Promise<void> {
    const asked = ++this.newest;
    try {
      const body = await this.ask();
      if (asked !== this.newest) return;
      if (JSON.stringify(body) !== JSON.stringify(this.body)) this.body = body;
      this.problem = "";
    } catch (error) {
      if (asked !== this.newest) return;
      // It is told where there is nothing else to be seen.
      if (this.body === null) this.problem = wording(error);
      throw error;
    } finally {
      if (asked === this.newest) this.isLoading = false;
    }
  }
}

type Ask<Item, Filter> = (filter: Filter, cursor: Cursor | null, signal: AbortSignal) => Promise<Page<Item>>;

/** A list that comes page by page. A newer question takes an older one's place. */
export class Paged<Item extends object, Filter> {
  items: Item[] = $state.raw([]);
  next: Cursor | null = $state(null);
  isLoading = $state(true);
  /** There is something else by now, and more is shown than could be put in its place. */
  hasChanged = $state(false);
  problem = $state("");
  private asked: AbortController | undefined;
  private loading: Promise<void> = Promise.resolve();
  private filter: Filter | undefined;
  private pages = 0;

  constructor(private readonly ask: Ask<Item, Filter>) {}

  /** Asks anew, from the first page. */
  start(filter: Filter): Promise<void> {
    this.items = [];
    this.next = null;
    this.hasChanged = false;
    this.filter = filter;
    return (this.loading = this.load(filter, null));
  }

  more(filter: Filter): Promise<void> {
    return (this.loading = this.load(filter, this.next));
  }

  /** In the background: the first page in the place of what stands, where no more than that is shown. That it went wrong is for whoever will try again. */
  async again(): Promise<void> {
    await this.loading;
    if (this.pages > 1) this.hasChanged = true;
    else await this.renew();
  }

  /** The first page, in the place of all that is shown. */
  async renew(): Promise<void> {
    if (this.filter !== undefined && !this.isLoading) await this.load(this.filter, null, true);
  }

  /** The page has been left. */
  stop(): void {
    this.asked?.abort();
  }

  private async load(filter: Filter, cursor: Cursor | null, isQuiet = false): Promise<void> {
    this.asked?.abort();
    const mine = (this.asked = new AbortController());
    if (!isQuiet) [this.isLoading, this.problem] = [true, ""];
    try {
      const page = await this.ask(filter, cursor, mine.signal);
      this.items = cursor === null ? kept(this.items, page.items, keyOf) : [...this.items, ...page.items];
      this.next = page.next;
      this.pages = cursor === null ? 1 : this.pages + 1;
      if (cursor === null) this.hasChanged = false;
      this.problem = "";
    } catch (error) {
      if (mine.signal.aborted) {
        if (isQuiet) this.hasChanged = true;
        return;
      }
      if (!isQuiet || this.items.length === 0) this.problem = wording(error);
      if (isQuiet) throw error;
    } finally {
      if (this.asked === mine) this.isLoading = false;
    }
  }
}

const keyOf = (item: object) => ("id" in item ? item.id : item);
