// Where in the console we are: the address below the tenant's, kept in the browser's history.
import { base } from "./api/client";

function pathOf(pathname: string): string {
  return pathname.slice(base.length) || "/";
}

class Route {
  path = $state(pathOf(location.pathname));
  search = $state(location.search);
  readonly query = $derived(new URLSearchParams(this.search));
  readonly ticket = $derived(Number(/^\/tickets\/(\d+)\/?$/.exec(this.path)?.[1] ?? 0));

  constructor() {
    addEventListener("popstate", () => this.read());
  }

  private read(): void {
    this.path = pathOf(location.pathname);
    this.search = location.search;
  }

  /** `to` is below the tenant: `/tickets/7`. */
  go(to: string): void {
    history.pushState(null, "", base + to);
    this.read();
    scrollTo(0, 0);
  }

  /** Like `go`, without a step to come back to. */
  replace(to: string): void {
    history.replaceState(null, "", base + to);
    this.read();
  }

  /** Sets or, where empty, takes away parts of the address's query; everything else of it stays. */
  with(change: Record<string, string>, path = this.path): string {
    const query = new URLSearchParams(path === this.path ? this.search : "");
    for (const [name, value] of Object.entries(change)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    return `${path}${query.size ? `?${query}` : ""}`;
  }

  /** The address below the tenant's, whole. */
  get here(): string {
    return this.path + this.search + location.hash;
  }

  /** For links: a plain click stays in the page, any other does what the browser does. */
  follow = (event: MouseEvent): void => {
    const link = (event.target as Element).closest("a[href]");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.hasAttribute("target") || link.hasAttribute("download")) return;
    // Links in drawings have an address, too, but none of its parts.
    const to = new URL(link.getAttribute("href") ?? "", location.href);
    const isOurs = to.origin === location.origin && to.pathname.startsWith(`${base}/`);
    if (!isOurs || to.hash || /^\/(api|plugins)(\/|$)/.test(pathOf(to.pathname))) return;
    event.preventDefault();
    this.go(pathOf(to.pathname) + to.search);
  };
}

export const route = new Route();
