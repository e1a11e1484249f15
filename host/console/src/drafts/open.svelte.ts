// A draft as a page writes on it. Tabs that show the same draft follow each other; where two went on from different words, neither takes the other's place
// before somebody has chosen.
import { base } from "../api/client";
import type { Visibility } from "../api/types";
import { chosen } from "../i18n/language.svelte";
import { session } from "../session.svelte";
import { toasts } from "../toasts.svelte";
import { besideOf, find, forget, hasLeft, keep, nameOf, read, tidy, type Kept } from "./kept";
import { onItsWay, send, type Sending } from "./sending";

/** That nothing can be kept is told once, and anew after something was. */
let isTold = false;

export class OpenDraft {
  text = $state("");
  visibility: Visibility = $state("public");
  isBusy = $state(false);
  /** What another tab made of it while this one wrote something else. */
  other: Kept | null = $state.raw(null);
  readonly name: string;
  /** Which of the kept ones is shown here. */
  private mark: string | null = null;
  /** Whether it was written here: what came from elsewhere follows it without asking. */
  private isMine = false;
  private isKept = true;
  private readonly agent = session.current?.agent.id ?? "";

  constructor(number: number) {
    this.name = nameOf(base, this.agent, number);
    tidy();
    const beside = find(besideOf(this.name));
    if (beside) this.restore(beside);
    else this.show(find(this.name));
    const before = onItsWay(this.name);
    if (before) void this.follow(before);
  }

  write(text: string, visibility = this.visibility): void {
    [this.text, this.visibility, this.isMine] = [text, visibility, true];
    // It may be that another tab wrote, and this one was not told yet.
    const kept = find(this.name);
    if (kept && kept.mark !== this.mark && kept.text !== text) this.other = kept;
    this.keep();
  }

  /** Another tab wrote: `old` is what it went on from. */
  heard({ key, oldValue, newValue }: Pick<StorageEvent, "key" | "oldValue" | "newValue">): void {
    if (key !== this.name || this.isBusy) return;
    const [old, kept] = [read(oldValue), read(newValue)];
    const isNext = this.isKept && ((old?.mark ?? null) === this.mark || kept?.mark === this.mark);
    if (!this.other && (isNext || !this.isMine || !this.text || kept?.text === this.text)) this.show(kept);
    // What the other one sent or took back is none that could be chosen.
    else if (kept) {
      this.other = kept;
      this.keep();
    } else if (this.hasLeft) this.show(null);
    else this.insist();
  }

  /** What the other tab made of it is the draft. */
  yield(): void {
    forget(besideOf(this.name));
    this.show(this.other);
  }

  /** What stands here is the draft. */
  insist(): void {
    forget(besideOf(this.name));
    this.other = null;
    this.keep();
  }

  async send(deliver: (visibility: Visibility, text: string) => Promise<boolean>): Promise<boolean> {
    if (!this.text.trim() || this.isBusy) return false;
    const { visibility, text } = this;
    return this.follow(send(this.name, text, this.mark, () => deliver(visibility, text)));
  }

  private async follow(sent: Sending): Promise<boolean> {
    this.isBusy = true;
    const isTaken = await sent.arrived;
    // What was written stays until it has arrived; what was written since, stays too.
    if (isTaken && this.text === sent.text) this.show(find(this.name));
    this.isBusy = false;
    return isTaken;
  }

  /** While another tab's stands under the name, this one is kept beside it. */
  private keep(): void {
    if (this.hasLeft) return;
    const place = this.other ? besideOf(this.name) : this.name;
    this.isKept = keep(place, this);
    // Where it could not be, what stands there is what this tab went on from, and not another one's.
    this.mark = find(place)?.mark ?? null;
    if (!this.isKept && !isTold) toasts.warn(chosen.texts.composer.notKept);
    isTold = !this.isKept;
  }

  private get hasLeft(): boolean {
    return hasLeft(base, this.agent);
  }

  /** Nobody had chosen when the page went: it is asked again, unless the other one is gone. */
  private restore({ text, visibility }: Kept): void {
    this.write(text, visibility);
    if (!this.other) this.insist();
  }

  private show(kept: Kept | null): void {
    this.text = kept?.text ?? "";
    if (kept) this.visibility = kept.visibility;
    [this.mark, this.isMine, this.isKept, this.other] = [kept?.mark ?? null, false, true, null];
  }
}
