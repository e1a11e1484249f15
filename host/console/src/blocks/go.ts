// Where a view leads: to places of the console, or to another server in a tab of its own. Nothing else is an address here, and every address is a link:
// the console's own are followed by the page, as all its links are, the others by the browser.
import { base } from "../api/client";
import { safeLink } from "./links";
import type { Go } from "./types";
import { visible } from "./words";

export interface Address {
  href: string;
  /** On another server. */
  isOutside: boolean;
}

const part = (value: unknown) => encodeURIComponent(String(value));

/** The address, if there is one: pages and reports are those of the plugin that rendered the view. */
export function addressOf(go: Go | undefined, install: string | undefined): Address | undefined {
  const inside = (path: string): Address => ({ href: `${base}${path}`, isOutside: false });
  switch (go?.to) {
    case "ticket":
      return inside(`/tickets/${part(go.number)}`);
    case "tickets":
      return inside(go.filter ? `/?${new URLSearchParams({ filter: go.filter })}` : "/");
    case "customer":
      return inside(`/customers/${part(go.id)}`);
    case "page":
      return install === undefined ? undefined : inside(`/pages/${part(install)}/${part(go.page)}`);
    case "report":
      return install === undefined ? undefined : inside(`/reports/${part(install)}/${part(go.report)}`);
    case "link": {
      const href = safeLink(go.url);
      return href === undefined ? undefined : { href, isOutside: true };
    }
    default:
      return undefined;
  }
}

/** What makes an element a link. Another server's tab learns nothing of where it was opened; hovering says where it leads. */
export function linkTo({ href, isOutside }: Address) {
  return isOutside ? { href, target: "_blank", rel: "noopener noreferrer", title: visible(href) } : { href };
}
