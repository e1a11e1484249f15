// Keys that act on the whole page must not act while somebody writes.

/** Whether the key belongs to a field, a dialog, or the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  return event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [role=tablist]") !== null;
}
