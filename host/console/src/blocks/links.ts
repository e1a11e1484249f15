// Links to other servers: which of them are one.

/** A link as a browser understands it, if it is of one of these schemes. */
export function safeLink(url: string, schemes: readonly string[] = ["https:"]): string | undefined {
  try {
    const read = new URL(url);
    return schemes.includes(read.protocol) ? read.href : undefined;
  } catch {
    return undefined;
  }
}
