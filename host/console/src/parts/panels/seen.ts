/** Tells whether the element is in sight, or nearly so. An observer tells it once the page was drawn: what is asked for then holds nothing up. */
export function seen(node: Element, tell: (isSeen: boolean) => void): { destroy: () => void } {
  const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting ?? false), { rootMargin: "160px" });
  observer.observe(node);
  return { destroy: () => observer.disconnect() };
}
