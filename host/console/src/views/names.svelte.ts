// The names that expressions may use: asked for once, when they are first needed.
import { listNames, type KnownName } from "../api/expressions";

class Names {
  all: KnownName[] = $state.raw([]);
  private asked = false;

  load(): void {
    if (this.asked) return;
    this.asked = true;
    listNames().then(
      (names) => (this.all = names),
      // Without them one writes without suggestions; the next who needs them asks again.
      () => (this.asked = false),
    );
  }
}

export const names = new Names();
