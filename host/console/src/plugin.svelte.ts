// One install as its pages have it, and what an admin does with it.
import { wording } from "./api/client";
import { loadInstall, type Install, type InstallDetail } from "./api/plugins";
import { chosen } from "./i18n/language.svelte";
import { panels } from "./panels.svelte";
import { toasts } from "./toasts.svelte";

export class OpenInstall {
  detail: InstallDetail | null = $state.raw(null);
  isLoading = $state(true);
  isBusy = $state(false);
  problem = $state("");

  constructor(readonly id: string) {
    void this.load();
  }

  get name(): string {
    return this.detail ? nameOf(this.detail) : "";
  }

  async load(): Promise<void> {
    this.problem = "";
    try {
      this.detail = await loadInstall(this.id);
    } catch (error) {
      this.problem = wording(error);
    } finally {
      this.isLoading = false;
    }
  }

  /** Does it, and loads what became of it; a refusal is told, and answers false. */
  async act(work: () => Promise<unknown>, done = ""): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    let isDone = false;
    try {
      await work();
      isDone = true;
      if (done) toasts.say(done);
    } catch (error) {
      toasts.warn(wording(error));
    }
    // Perhaps it shows something now, or nothing any more.
    await Promise.all([this.load(), panels.load()]);
    this.isBusy = false;
    return isDone;
  }
}

export function nameOf(install: Pick<Install, "title" | "plugin">): string {
  return chosen.of(install.title) || install.plugin;
}

/** What an admin should know before all else, the most pressing first. */
export function needsOf(install: Install): ("revoked" | "paused" | "apart" | "staged" | "consent" | "pending" | "offered")[] {
  const consent = install.pending && install.pending.new_required.length > 0;
  return [
    ...(install.revoked ? (["revoked"] as const) : []),
    ...(install.paused ? (["paused"] as const) : install.apart ? (["apart"] as const) : []),
    ...(install.state === "staged" ? (["staged"] as const) : []),
    ...(consent ? (["consent"] as const) : install.pending ? (["pending"] as const) : []),
    ...(install.offered ? (["offered"] as const) : []),
  ];
}
