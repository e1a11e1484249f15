// Fields that plugins add to tickets, for whoever is signed in: asked for once, and again when plugins change.
import { listFields, type TicketField } from "./api/fields";

class Fields {
  private all: TicketField[] = $state.raw([]);
  private newest = 0;

  /** Whole names of those with a column in every list. */
  get listed(): string[] {
    return this.all.filter((field) => field.listed).map((field) => field.name);
  }

  of(name: string): TicketField | undefined {
    return this.all.find((field) => field.name === name);
  }

  /** Without them, lists show what stands in tickets as it is; whoever asks in the background tries again. */
  async again(): Promise<void> {
    const mine = ++this.newest;
    const all = await listFields();
    if (mine === this.newest) this.all = all;
  }

  async load(): Promise<void> {
    await this.again().catch(() => {});
  }

  /** Nobody is signed in any more. */
  forget(): void {
    this.newest++;
    this.all = [];
  }
}

export const fields = new Fields();
