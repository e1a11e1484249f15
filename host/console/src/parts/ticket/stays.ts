// What somebody writes in stays where it is on the screen, whatever comes in above it.

const isWriting = () => document.activeElement?.matches("textarea.answer") === true;

/** For what stands above the composer, and grows. */
export function stays(above: HTMLElement): { destroy: () => void } {
  const page = document.body;
  const measure = () => above.getBoundingClientRect().height;
  let [height, room] = [measure(), 0];
  const watcher = new ResizeObserver(() => {
    const grown = measure() - height;
    height += grown;
    if (!grown || !isWriting()) return;
    const to = scrollY + grown;
    // A page that ends before has nothing to scroll by: it gets room below.
    const missing = to + document.documentElement.clientHeight - page.offsetHeight;
    if (missing > 0) page.style.paddingBottom = `${(room += missing)}px`;
    scrollTo({ top: to, behavior: "instant" });
  });
  watcher.observe(above);
  return {
    destroy: () => {
      watcher.disconnect();
      page.style.paddingBottom = "";
    },
  };
}
