// One ticket as the page has it: loaded, changed, kept fresh.
import { Problem, wording, type Answer } from "./api/client";
import { NONE_READ, addMessage, changeTicket, decideDelivery, listHistory, listMessages, loadTicket, splitTicket, type Decision, type Step } from "./api/desk";
import { listAgents, listGroups } from "./api/people";
import type { Agent, Entry, Link, Message, Named, Ticket, Visibility } from "./api/types";
import { all } from "./i18n/format";
import { chosen } from "./i18n/language.svelte";
import { kept } from "./kept";
import { live } from "./live.svelte";
import { merge, type Merged } from "./merge";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

/** Rules of plugins answer within a moment: what they did is shown without asking for it. */
const ANSWERS_AFTER_MS = 1_500;

/** A ticket may change again and again while a change is on its way. */
const AGAIN_MAX = 3;

/** Where somebody acts on the page. */
export type Place = "talk" | "properties";

/** A step that others got ahead of: they changed the same. */
export interface Conflict {
  base: Ticket;
  step: Step;
  field: string;
  mine: unknown;
}

class Clashed extends Error {
  constructor(readonly conflict: Conflict) {
    super(chosen.texts.stale);
  }
}

export class OpenTicket {
  ticket: Ticket | null = $state.raw(null);
  messages: Message[] = $state.raw([]);
  history: Entry[] = $state.raw([]);
  agents: Agent[] = $state.raw([]);
  groups: Named[] = $state.raw([]);
  problem = $state("");
  /** Why the last thing that was wanted came to nothing, for the place where it was wanted. */
  refused: { at: Place; text: string } | null = $state.raw(null);
  /** What is to be chosen between: what others made of the ticket, and what was wanted here. */
  conflict: Conflict | null = $state.raw(null);
  /** Who said something before what was to be sent was there; empty where nobody did. */
  overtook: string[] = $state.raw([]);
  /** What others said since the page has been there, and nobody has looked at here. */
  unread: Message[] = $state.raw([]);
  isBusy = $state(false);
  /** Up to where the author was told that others had spoken. */
  private warnedOf = "";
  private hasMissed = false;
  private running: Promise<unknown> = Promise.resolve();
  private etag: string | null = null;
  private isGone = false;
  private newest = 0;
  /** How often a plugin's panel acted on it. */
  private acts = $state(0);

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
    this.catchUp();
  }

  /** Loads what may have changed. An answer that was overtaken by a newer one is not shown. */
  async load(): Promise<void> {
    const asked = ++this.newest;
    const [answer, messages, history] = await Promise.all([loadTicket(this.number), listMessages(this.number), listHistory(this.number)]);
    if (asked !== this.newest) return;
    const isFirst = this.ticket === null;
    const known = new Set(this.messages.map((message) => message.id));
    this.take(answer);
    this.messages = kept(this.messages, messages, (message) => message.id);
    this.history = kept(this.history, history, (entry) => entry.sequence);
    const isNews = (message: Message) => !isFirst && !known.has(message.id) && message.author.id !== session.current?.agent.id;
    const unread = new Set(this.unread.map((message) => message.id));
    this.unread = kept(this.unread, this.messages.filter((message) => unread.has(message.id) || isNews(message)), (message) => message.id);
  }

  /** In the background: that it went wrong is for whoever will try again. */
  async refresh(): Promise<void> {
    if (this.isGone || document.hidden) return;
    // What is being loaded may be older than what there is to be seen.
    if (this.isBusy || !this.ticket) this.hasMissed = true;
    else await this.load();
  }

  private catchUp(): void {
    if (!this.hasMissed) return;
    this.hasMissed = false;
    void this.refresh().catch(() => {});
  }

  /** Somebody has looked at it. */
  read(message: string): void {
    this.unread = this.unread.filter((one) => one.id !== message);
  }

  /** The last message that the author knows of. */
  private get lastRead(): string {
    const at = (id: string | undefined) => this.messages.findIndex((message) => message.id === id);
    const first = at(this.unread[0]?.id);
    return this.messages[Math.max(at(this.warnedOf), (first < 0 ? this.messages.length : first) - 1)]?.id ?? NONE_READ;
  }

  /** Another one says that there is something new about it: for plugins' panels, which are rendered anew then. */
  get edition(): string {
    return `${this.ticket?.version} ${this.history.length} ${this.acts}`;
  }

  /** A plugin's panel acted on it: what became of it is loaded, and a little later what others answered. */
  async actedOn(): Promise<void> {
    if (this.isGone) return;
    await this.load().catch(() => {});
    this.acts++;
    this.lookSoon();
  }

  /** What others answer is told while the connection stands. */
  private lookSoon(): void {
    if (!live.isConnected) setTimeout(() => void this.refresh().catch(() => {}), ANSWERS_AFTER_MS);
  }

  /** `done` is told where it does not show by itself. Whether all is said about it: what others got ahead of is asked at its own place. */
  async change(step: Step, done = ""): Promise<boolean> {
    const [base, before] = [this.ticket, this.conflict];
    const isDone = base !== null && (await this.act("properties", () => this.carry(base, step)));
    if (isDone && done) toasts.say(done);
    return isDone || (this.conflict !== null && this.conflict !== before);
  }

  /** Carries it out on what the ticket has become, where that says nothing of what is wanted. */
  private async carry(base: Ticket, step: Step): Promise<void> {
    let next = step;
    for (let left = AGAIN_MAX; ; left--) {
      try {
        return this.take(await changeTicket(this.number, next, this.etag));
      } catch (error) {
        if (!(error instanceof Problem && error.status === 412 && left > 0)) throw error;
      }
      const now = await loadTicket(this.number);
      this.take(now);
      const merged = merge(base, now.body, step);
      if (merged === "done") return;
      if ("clash" in merged) throw new Clashed({ base, step, field: merged.clash.field, mine: merged.clash.mine });
      next = merged.again;
    }
  }

  /** What the conflict comes to by now. */
  get merged(): Merged | null {
    return this.conflict && this.ticket && merge(this.conflict.base, this.ticket, this.conflict.step);
  }

  /** It becomes what was wanted here. */
  async insist(): Promise<void> {
    const merged = this.merged;
    if (merged && merged !== "done") await this.change(merged.again);
  }

  /** Who set it last; empty where nobody knows. */
  whoSet(field: string): string {
    return this.history.filter((entry) => entry.changes.some((change) => change.name === field)).at(-1)?.actor.name ?? "";
  }

  async split(message: string, subject: string): Promise<boolean> {
    return this.act("talk", async () => {
      const made = await splitTicket(this.number, message, subject);
      toasts.say(chosen.texts.split.done(String(made.number)));
    });
  }

  async say(visibility: Visibility, text: string): Promise<boolean> {
    const isDone = await this.act("talk", async () => void (await addMessage(this.number, visibility, text, this.lastRead)));
    if (isDone) toasts.say(chosen.texts.composer.sent);
    return isDone;
  }

  /** What is to become of a message on its way out. */
  async decide(message: string, decision: Decision): Promise<void> {
    await this.act("talk", async () => void (await decideDelivery(this.number, message, decision)));
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
    if (at === "talk") this.overtook = [];
    else this.conflict = null;
    // Whatever is being loaded now is older than what this does.
    this.newest++;
    let failed: unknown;
    try {
      await work();
    } catch (error) {
      failed = error ?? new Error();
    }
    try {
      await this.load();
    } catch (error) {
      toasts.warn(wording(error));
    }
    if (failed) this.refuse(at, failed);
    this.isBusy = false;
    this.catchUp();
    this.lookSoon();
    return !failed;
  }

  /** Told once what has happened meanwhile is there. */
  private refuse(at: Place, error: unknown): void {
    let text = refusal(error);
    if (error instanceof Clashed && isTold(error.conflict.field)) this.conflict = error.conflict;
    else if (error instanceof Problem && error.since.length) text = this.warn(error.since);
    else this.refused = { at, text };
    // Whoever went on to another page would never hear of it.
    if (this.isGone) toasts.warn(chosen.texts.elsewhere(String(this.number), text));
  }

  private warn(since: readonly string[]): string {
    const names = this.messages.filter((message) => since.includes(message.id)).map((message) => message.author.name);
    this.overtook = names.length ? [...new Set(names)] : [chosen.texts.composer.somebody];
    // Of what came after these, nobody was told yet.
    this.warnedOf = this.messages.filter((message) => since.includes(message.id)).at(-1)?.id ?? "";
    return chosen.texts.composer.overtaken(all(this.overtook));
  }
}

const TOLD = ["assignee", "group", "impact", "urgency", "state", "pending_reason", "pending_until"];

/** Whether there are words for what others made of it. */
function isTold(field: string): boolean {
  return TOLD.includes(field);
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
