// The saved views beside the ticket list, with how much is in each.
import { wording } from "./api/client";
import { listViews, type View } from "./api/views";

class Views {
  all: View[] = $state.raw([]);
  isLoading = $state(true);
  problem = $state("");

  async load(): Promise<void> {
    this.problem = "";
    try {
      this.all = await listViews();
    } catch (error) {
      this.problem = wording(error);
    } finally {
      this.isLoading = false;
    }
  }

  get(id: string): View | undefined {
    return this.all.find((view) => view.id === id);
  }
}

export const views = new Views();
