// What is on its way to the host.
import { besideOf, find, forget } from "./kept";

export interface Sending {
  text: string;
  /** Whether it was taken. */
  arrived: Promise<boolean>;
}

const sending = new Map<string, Sending>();

/** What was sent under that name and is not answered yet: whoever comes back to it meanwhile must not send it twice. */
export function onItsWay(name: string): Sending | undefined {
  return sending.get(name);
}

/**
 * Sends what is written. What was taken is no draft any more, even if the page has been left since. What is kept with that mark is it, too: as it was
 * before, where the last could not be kept.
 */
export function send(name: string, text: string, mark: string | null, deliver: () => Promise<boolean>): Sending {
  const arrived = deliver()
    .then((isTaken) => {
      if (isTaken) for (const place of [name, besideOf(name)]) if (isOf(place, text, mark)) forget(place);
      return isTaken;
    })
    .finally(() => sending.delete(name));
  const mine = { text, arrived };
  sending.set(name, mine);
  return mine;
}

function isOf(place: string, text: string, mark: string | null): boolean {
  const kept = find(place);
  return kept !== null && (kept.text === text || kept.mark === mark);
}
