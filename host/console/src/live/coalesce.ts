// Something that is asked for often and done seldom: at once, and then at most every so many milliseconds.

/** What takes longer is not waited for: its connection may be dead. */
const WORK_MS_MAX = 10_000;

export interface Coalesced {
  ask: () => void;
  stop: () => void;
}

/** What failed is tried again, ever more seldom. */
const AGAIN_MS_MAX = 30_000;

/** Whether it went well; what is not waited for has not. */
function isDone(work: Promise<unknown>): Promise<boolean> {
  return new Promise((tell) => {
    const limit = setTimeout(() => tell(false), WORK_MS_MAX);
    const end = (isWell: boolean) => {
      clearTimeout(limit);
      tell(isWell);
    };
    work.then(
      () => end(true),
      () => end(false),
    );
  });
}

/** What is asked for while it is being done is done once more: it may have begun too early. */
export function coalesce(work: () => Promise<unknown>, everyMs: number): Coalesced {
  let isResting = false;
  let isAsked = false;
  let isOver = false;

  async function run(): Promise<void> {
    isResting = true;
    let restMs = everyMs;
    while (isAsked && !isOver) {
      isAsked = false;
      const rest = new Promise((done) => setTimeout(done, restMs));
      const isWell = await isDone(work());
      await rest;
      restMs = isWell ? everyMs : Math.min(restMs * 2, AGAIN_MS_MAX);
      isAsked ||= !isWell;
    }
    isResting = false;
  }

  return {
    ask: () => {
      isAsked = true;
      if (!isResting) void run();
    },
    stop: () => {
      isOver = true;
    },
  };
}
