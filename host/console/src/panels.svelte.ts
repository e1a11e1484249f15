// What plugins show, and where, for whoever is signed in: asked for once, and again when plugins change.
import { wording } from "./api/client";
import { listPanels, type Location, type Panel } from "./api/panels";
import { chosen } from "./i18n/language.svelte";

class Panels {
  /** `null` until they have come. */
  all: Panel[] | null = $state.raw(null);
  problem = $state("");
  private newest = 0;

  async load(): Promise<void> {
    this.problem = "";
    await this.again().catch(() => {});
  }

  /** In the background: that it went wrong is for whoever will try again. */
  async again(): Promise<void> {
    const mine = ++this.newest;
    try {
      const all = await listPanels();
      if (mine !== this.newest) return;
      // The same list stays the same: nothing that stands is rendered anew for it.
      if (JSON.stringify(all) !== JSON.stringify(this.all)) this.all = all;
      this.problem = "";
    } catch (error) {
      if (mine !== this.newest) return;
      this.problem = wording(error);
      throw error;
    }
  }

  /** Nobody is signed in any more. */
  forget(): void {
    this.newest++;
    [this.all, this.problem] = [null, ""];
  }

  at(location: Location): Panel[] {
    return this.all?.filter((panel) => panel.location === location) ?? [];
  }
}

export const panels = new Panels();

/** A panel's name among all of them. */
export function keyOf(panel: Panel): string {
  return `${panel.install} ${panel.view}`;
}

export function titleOf(panel: Panel): string {
  return chosen.of(panel.title) || panel.view;
}
