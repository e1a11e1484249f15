// Where in the console we are: the address below the tenant's.
import { base } from "./api";

class Route {
  path = $state(location.pathname.slice(base.length) || "/");
  constructor() {
    addEventListener("popstate", () => (this.path = location.pathname.slice(base.length) || "/"));
  }
  go(path: string) {
    history.pushState(null, "", base + path);
    this.path = path;
    scrollTo(0, 0);
  }
  /** For links: a plain click stays in the page, any other does what the browser does. */
  follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (link.origin !== location.origin || link.hasAttribute("download") || !link.pathname.startsWith(`${base}/`) || link.pathname.startsWith(`${base}/api/`) || link.hash) return;
    event.preventDefault();
    this.go(link.pathname.slice(base.length));
  };
}

export const route = new Route();
