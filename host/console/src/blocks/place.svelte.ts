// One place of the console where a plugin's view stands: what it shows, what runs in it, and what went wrong in it. What happens here stays here.
import { getContext, setContext } from "svelte";
import { base, wording } from "../api/client";
import { chosen } from "../i18n/language.svelte";
import { route } from "../route.svelte";
import { isRecord } from "../schema/schema";
import { toasts } from "../toasts.svelte";
import { addressOf, type Address } from "./go";
import { readable } from "./readable";
import type { Action, Answer, View } from "./types";

export type Load = () => Promise<View>;
export type Act = (action: string, input: unknown) => Promise<Answer>;

/** What became of an action; undefined where it was not confirmed, or another one runs. */
export type Outcome = { answer: Answer } | { problem: string; again: () => void } | undefined;

const SLOW_MS = 1_000;

interface Asked {
  action: Action;
  decide: (isWanted: boolean) => void;
}

interface Failure {
  problem: string;
  again: () => void;
}

export class Place {
  view: View | null = $state.raw(null);
  /** The plugin's failure, and what tries again. */
  failure: Failure | null = $state.raw(null);
  isLoading = $state(true);
  isSlow = $state(false);
  /** What runs now: whoever began it shows that it is busy, all others wait. */
  running: unknown = $state.raw(null);
  /** An action that is to be confirmed. */
  asked: Asked | null = $state.raw(null);
  /** Another server to which an answer leads: people go there themselves. */
  onward: Address | null = $state.raw(null);
  private rendering = 0;
  private isGone = false;
  /** What the plugin is called that was asked last: a place that is gone can ask for it no more. */
  private acting = "";
  /** The failure of the last rendering, if that is what is told. */
  private broken: Failure | null = null;

  constructor(
    private readonly act: () => Act,
    readonly install: () => string | undefined,
    /** What the plugin is called. */
    private readonly plugin: () => string,
  ) {}

  /** Renders it, or renders it anew: what stands here stays until the next is there, and what was told of an action, too. */
  async load(load: Load): Promise<void> {
    const mine = ++this.rendering;
    const slow = setTimeout(() => (this.isSlow = mine === this.rendering), SLOW_MS);
    [this.isLoading, this.isSlow] = [true, false];
    try {
      const view = readable(await load());
      if (mine !== this.rendering) return;
      this.view = view;
      if (this.failure === this.broken) this.failure = null;
    } catch (error) {
      if (mine === this.rendering) this.failure = this.broken = { problem: wording(error), again: () => this.retry(load) };
    } finally {
      clearTimeout(slow);
      if (mine === this.rendering) [this.isLoading, this.isSlow] = [false, false];
    }
  }

  /** Nobody looks any more. */
  leave(): void {
    this.isGone = true;
    this.rendering++;
  }

  /** `by` is who asks; `more` is what the console puts into the input: what was moved, filled in, turned to. */
  async run(by: unknown, action: Action, more?: Record<string, unknown>): Promise<Outcome> {
    if (this.running !== null) return undefined;
    if (action.confirm && !(await this.confirmed(action))) return undefined;
    if (this.running !== null) return undefined;
    [this.running, this.acting] = [by, this.plugin()];
    [this.failure, this.onward] = [null, null];
    const input = more ? { ...(isRecord(action.input) ? action.input : {}), ...more } : (action.input ?? null);
    try {
      const answer = (await this.act()(action.action, input)) ?? {};
      if (answer.view && !this.isGone) this.show(answer.view);
      return { answer };
    } catch (error) {
      return { problem: wording(error), again: () => void this.again(by, action, more) };
    } finally {
      this.running = null;
    }
  }

  /** Tells what became of an action where nobody nearer does. Whoever went on to another page meanwhile is told there, and stays there. */
  settle(outcome: Outcome): void {
    if (!outcome) return;
    if ("problem" in outcome) {
      if (this.isGone) this.warn(outcome.problem);
      else this.failure = outcome;
      return;
    }
    const { toast, go, misfits } = outcome.answer;
    if (toast) toasts[toast.kind === "problem" ? "warn" : "say"](toast.text);
    else if (this.isGone && misfits?.length) this.warn(misfits.map((one) => one.detail).join(" "));
    if (this.isGone) return;
    const address = addressOf(go, this.install());
    if (address?.isOutside) this.onward = address;
    else if (address) route.go(address.href.slice(base.length));
  }

  /** What an action answers is newer than what is being rendered. */
  private show(view: View): void {
    this.rendering++;
    this.view = readable(view);
    [this.isLoading, this.isSlow] = [false, false];
  }

  /** The place that would say whose it is stands no more. */
  private warn(problem: string): void {
    toasts.warn(chosen.texts.blocks.elsewhere(this.acting, problem));
  }

  private retry(load: Load): void {
    this.failure = null;
    void this.load(load);
  }

  private async again(by: unknown, { confirm: _, ...action }: Action, more?: Record<string, unknown>): Promise<void> {
    this.settle(await this.run(by, action, more));
  }

  private confirmed(action: Action): Promise<boolean> {
    return new Promise((decide) => {
      this.asked = { action, decide };
    });
  }
}

/** Who is told what became of an action: the place, or a dialog in it. */
export interface Near {
  place: Place;
  settle: (outcome: Outcome) => void;
  /** Of the next heading inside. */
  level: number;
}

const KEY = Symbol("place");

export function provide(near: Near): void {
  setContext(KEY, near);
}

export function useNear(): Near {
  return getContext<Near>(KEY);
}
