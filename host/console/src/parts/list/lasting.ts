// Rows may come to stand elsewhere while somebody is among them: the focus stays with its row, or where that stood, and what is selected stays selected.

/** Called before the rows change; what it answers, after. */
export function lasting(body: HTMLElement | undefined): () => void {
  const [focus, select] = [focused(body), selected(body)];
  return () => {
    focus?.();
    select?.();
  };
}

function focused(body: HTMLElement | undefined): (() => void) | undefined {
  const held = document.activeElement;
  if (!(held instanceof HTMLElement) || !body?.contains(held)) return undefined;
  const row = held.closest("tr");
  const place = row ? [...body.children].indexOf(row) : 0;
  return () => {
    // A row that is gone leaves its place to the next one.
    const next = held.isConnected ? held : body.children[Math.min(place, body.children.length - 1)]?.querySelector<HTMLElement>("a");
    if (document.activeElement !== next) next?.focus({ preventScroll: true });
  };
}

function selected(body: HTMLElement | undefined): (() => void) | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return undefined;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  if (!anchorNode || !focusNode || !body?.contains(anchorNode) || !body.contains(focusNode)) return undefined;
  return () => {
    if (anchorNode.isConnected && focusNode.isConnected) selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  };
}
