// What happens while one looks, and who else looks.
import { call, stream } from "./client";
import type { Named } from "./types";

/** Who looks at a ticket, for how long from now unless told again. */
export interface Present {
  agent: Named;
  here_ms: number;
  typing_ms: number;
}

/** Who waits longer says it again anyway. */
const WAIT_MS_MAX = 10_000;

/** What the host tells as it happens, in pieces of text. */
export async function* listen(after: number | null, signal: AbortSignal): AsyncGenerator<string> {
  const body = await stream(after === null ? "live" : `live?after=${after}`, signal);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

/** Says that one is here, and answers who else is. */
export async function sayHere(number: number, typing: boolean): Promise<Present[]> {
  return (await call<{ items: Present[] }>("PUT", `tickets/${number}/presence`, { body: { typing }, signal: AbortSignal.timeout(WAIT_MS_MAX) })).body.items;
}

/** One has left. It is said even where the whole page goes. */
export async function sayGone(number: number): Promise<void> {
  await call("DELETE", `tickets/${number}/presence`, { keepalive: true, signal: AbortSignal.timeout(WAIT_MS_MAX) });
}
