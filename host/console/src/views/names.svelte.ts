// What expressions may use: asked for once, when it is first needed.
import { loadKnown, type Known } from "../api/expressions";

class Names {
  private known: Known = $state.raw({ names: [], functions: [] });
  private asked: Promise<void> | undefined;

  get all() {
    return this.known.names;
  }

  get functions() {
    return this.known.functions;
  }

  load(): Promise<void> {
    this.asked ??= loadKnown().then(
      (known) => void (this.known = known),
      // Without them one writes without suggestions; the next who needs them asks again.
      () => void (this.asked = undefined),
    );
    return this.asked;
  }

  /** A plugin's field by its name alone, as columns and rules write it. */
  plugin(name: string) {
    return this.all.find((one) => one.name === `fields["${name}"]`);
  }
}

export const names = new Names();

/** A plugin's field without what expressions write around it; undefined for the host's own names. */
export function pluginField(name: string): string | undefined {
  return /^fields\["(.+)"\]$/.exec(name)?.[1];
}
