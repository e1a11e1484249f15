// The saved views beside the ticket list, with how much is in each.
import { wording } from "./api/client";
import { countViews, listViews, type View, type ViewCount } from "./api/views";

class Views {
  all: View[] = $state.raw([]);
  isLoading = $state(true);
  problem = $state("");
  private counts: Map<string, ViewCount> = $state.raw(new Map());

  async load(): Promise<void> {
    // A list without numbers is still a list.
    await this.again().catch(() => {});
  }

  /** In the background: that it went wrong is for whoever will try again. Counting may take a moment: the views are there before it. */
  async again(): Promise<void> {
    try {
      this.all = await listViews();
      this.problem = "";
    } catch (error) {
      this.problem = wording(error);
      throw error;
    } finally {
      this.isLoading = false;
    }
    await this.count();
  }

  async count(): Promise<void> {
    if (this.all.length > 0) this.counts = new Map((await countViews()).map((one) => [one.view, one]));
  }

  get(id: string): View | undefined {
    return this.all.find((view) => view.id === id);
  }

  countOf(id: string): ViewCount | undefined {
    return this.counts.get(id);
  }
}

export const views = new Views();
