// Short notices about what just happened.
export interface Toast {
  id: number;
  text: string;
  isProblem: boolean;
}

const SHOWN_MS = 5_000;
/** Problems stay longer: they ask for something to be done. */
const PROBLEM_SHOWN_MS = 12_000;

class Toasts {
  all: Toast[] = $state([]);
  private last = 0;

  say(text: string): void {
    this.add(text, false);
  }

  warn(text: string): void {
    this.add(text, true);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }

  private add(text: string, isProblem: boolean): void {
    const id = ++this.last;
    this.all = [...this.all, { id, text, isProblem }];
    setTimeout(() => this.dismiss(id), isProblem ? PROBLEM_SHOWN_MS : SHOWN_MS);
  }
}

export const toasts = new Toasts();
