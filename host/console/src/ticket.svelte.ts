// One ticket as the page has it: loaded, changed, kept fresh.
import { Problem, wording, type Answer } from "./api/client";
import { addMessage, changeTicket, listHistory, listMessages, loadTicket, splitTicket, type Step } from "./api/desk";
import { listAgents, listGroups } from "./api/people";
import type { Agent, Entry, Link, Message, Named, Ticket, Visibility } from "./api/types";
import { chosen } from "./i18n/language.svelte";
import { toasts } from "./toasts.svelte";

/** Rules of plugins answer within a moment: what they did is shown without asking for it. */
const ANSWERS_AFTER_MS = 1_500;

/** Where somebody acts on the page. */
export type Place = "talk" | "properties";

export class OpenTicket {
  ticket: Ticket | null = $state.raw(null);
  messages: Message[] = $state.raw([]);
  history: Entry[] = $state.raw([]);
  agents: Agent[] = $state.raw([]);
  groups: Named[] = $state.raw([]);
  problem = $state("");
  /** Why the last thing that was wanted came to nothing, for the place where it was wanted. */
  refused: { at: Place; text: string } | null = $state.raw(null);
  isBusy = $state(false);
  private running: Promise<unknown> = Promise.resolve();
  private etag: string | null = null;
  private isGone = false;
  private newest = 0;

  constructor(readonly number: number) {}

  async start(): Promise<void> {
    this.problem = "";
    try {
      const [agents, groups] = await Promise.all([listAgents(), listGroups(), this.load()]);
      // Who has left takes nothing on any more.
      [this.agents, this.groups] = [agents.filter((agent) => agent.active), groups];
    } catch (error) {
      this.problem = wording(error);
    }
  }

  /** Loads what may have changed. An answer that was overtaken by a newer one is not shown. */
  async load(): Promise<void> {
    const asked = ++this.newest;
    const [answer, messages, history] = await Promise.all([loadTicket(this.number), listMessages(this.number), listHistory(this.number)]);
    if (asked !== this.newest) return;
    this.take(answer);
    [this.messages, this.history] = [messages, history];
  }

  /** For looking again in the background: what goes wrong then is nobody's concern. */
  async refresh(): Promise<void> {
    if (this.isBusy || this.isGone || document.hidden || !this.ticket) return;
    await this.load().catch(() => {});
  }

  /** `done` is told where it does not show by itself. */
  async change(step: Step, done = ""): Promise<boolean> {
    const isDone = await this.act("properties", async () => this.take(await changeTicket(this.number, step, this.etag)));
    if (isDone && done) toasts.say(done);
    return isDone;
  }

  async split(message: string, subject: string): Promise<boolean> {
    return this.act("talk", async () => {
      const made = await splitTicket(this.number, message, subject);
      toasts.say(chosen.texts.split.done(String(made.number)));
    });
  }

  async say(visibility: Visibility, text: string): Promise<boolean> {
    const isDone = await this.act("talk", async () => void (await addMessage(this.number, visibility, text)));
    if (isDone) toasts.say(chosen.texts.composer.sent);
    return isDone;
  }

  /** The page has been left. */
  leave(): void {
    this.isGone = true;
  }

  private take(answer: Answer<Ticket>): void {
    this.ticket = answer.body;
    this.etag = answer.etag;
  }

  /** Why what was wanted there came to nothing; empty where it did not. */
  refusedAt(at: Place): string {
    return this.refused?.at === at ? this.refused.text : "";
  }

  private async act(at: Place, work: () => Promise<void>): Promise<boolean> {
    // A change follows from what is shown, which is about to be another; what is said follows from nothing, and waits.
    if (this.isBusy && at === "properties") return false;
    while (this.isBusy) await this.running;
    const done = this.run(at, work);
    this.running = done;
    return done;
  }

  private async run(at: Place, work: () => Promise<void>): Promise<boolean> {
    this.isBusy = true;
    // What is told elsewhere was perhaps not read yet.
    if (this.refused?.at === at) this.refused = null;
    // Whatever is being loaded now is older than what this does.
    this.newest++;
    let isDone = false;
    try {
      await work();
      isDone = true;
    } catch (error) {
      this.refused = { at, text: refusal(error) };
      // Whoever went on to another page would never hear of it.
      if (this.isGone) toasts.warn(chosen.texts.elsewhere(String(this.number), this.refused.text));
    }
    try {
      await this.load();
    } catch (error) {
      toasts.warn(wording(error));
    }
    this.isBusy = false;
    setTimeout(() => void this.refresh(), ANSWERS_AFTER_MS);
    return isDone;
  }
}

/** Why nothing came of it; the ticket is loaded again in any case. */
function refusal(error: unknown): string {
  if (!(error instanceof Problem && error.isStale)) return wording(error);
  return error.status === 412 ? chosen.texts.stale : chosen.texts.refused(error.message.replace(/\.$/, ""));
}

const ENDED = ["closed", "suspended", "deleted"];

/** Whether agents still work on it. */
export function isLive(ticket: Ticket): boolean {
  return !ENDED.includes(ticket.state);
}

/** Whether it can be linked and split: a closed one, too, but none that is put away. */
export function isThere(ticket: Ticket): boolean {
  return !["suspended", "deleted"].includes(ticket.state);
}

/** The link to the ticket that goes on in its stead, where it was merged. */
export function mergedInto(ticket: Ticket): Link | undefined {
  return ticket.links.find((link) => link.relation === "merged-into");
}
