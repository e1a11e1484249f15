// The saved views beside the ticket list, with how much is in each.
import { wording } from "./api/client";
import { countViews, listViews, type View, type ViewCount } from "./api/views";

class Views {
  all: View[] = $state.raw([]);
  isLoading = $state(true);
  problem = $state("");
  private counts: Map<string, ViewCount> = $state.raw(new Map());

  async load(): Promise<void> {
    this.problem = "";
    try {
      this.all = await listViews();
    } catch (error) {
      this.problem = wording(error);
    } finally {
      this.isLoading = false;
    }
    await this.count();
  }

  /** Counting may take a moment: the views are there before it. */
  async count(): Promise<void> {
    if (this.all.length === 0) return;
    try {
      this.counts = new Map((await countViews()).map((one) => [one.view, one]));
    } catch {
      // A list without numbers is still a list.
    }
  }

  get(id: string): View | undefined {
    return this.all.find((view) => view.id === id);
  }

  countOf(id: string): ViewCount | undefined {
    return this.counts.get(id);
  }
}

export const views = new Views();
