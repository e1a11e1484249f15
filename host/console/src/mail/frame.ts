// A formatted message in a frame of its own. The channel's plugin has made it safe already; nothing here relies on that: no script runs in the frame,
// nothing is fetched from elsewhere, and only what formats a text is taken over.
import { api } from "../api/client";
import type { Attachment } from "../api/types";

/** Without `allow-scripts` nothing in it runs; of our origin, so that its height can be seen from here. */
export const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** The console's own policy holds in the frame as well; this one adds that nothing but pictures is fetched. */
export const PAGE = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' data:; base-uri 'none'; form-action 'none'"><body></body>`;

const ELEMENTS = new Set(
  (
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer " +
    "h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot " +
    "th thead time tr tt u ul var wbr"
  ).split(" "),
);
/** What is dropped with all that is in it; any other unknown element leaves its content behind. */
const DROPPED = new Set("script style title head meta link base object embed applet iframe frame frameset noscript template svg math form input button select textarea audio video source track canvas dialog".split(" "));
const ATTRIBUTES = new Set("align alt bgcolor border cellpadding cellspacing color colspan dir face height href lang nowrap reversed rowspan scope size span src start title type valign value width".split(" "));
const LINKS = /^(https?:|mailto:|tel:)/i;
const OWN_PICTURE = /^data:image\/(png|gif|jpeg|webp);/i;

/** A picture of the message itself: one of its attachments, named by its file or by the name that the mail has for it. */
function pictureOf(source: string, attachments: Attachment[]): string | undefined {
  if (OWN_PICTURE.test(source)) return source;
  const name = /^cid:(.+)$/i.exec(source)?.[1];
  const file = attachments.find((one) => name !== undefined && (one.file === name || one.inline_id === name))?.file;
  return file && `${api}/files/${file}`;
}

interface Made {
  attachments: Attachment[];
  /** Pictures of other servers that were left out. */
  held: number;
}

function take(from: Element, into: Node, document: Document, made: Made): void {
  const name = from.localName;
  if (DROPPED.has(name)) return;
  if (!ELEMENTS.has(name)) return takeAll(from, into, document, made);
  const element = document.createElement(name);
  for (const { name: attribute, value } of from.attributes) {
    if (!ATTRIBUTES.has(attribute)) continue;
    if (attribute === "href" && !LINKS.test(value.trim())) continue;
    if (attribute === "src") continue;
    element.setAttribute(attribute, value);
  }
  if (element instanceof (document.defaultView ?? window).HTMLElement) {
    dress(element, from.getAttribute(STYLE) ?? "");
  }
  if (name === "a") {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer nofollow");
  }
  if (name === "img") {
    const picture = pictureOf((from.getAttribute("src") ?? "").trim(), made.attachments);
    if (!picture) {
      // Perhaps the plugin has taken the address away already.
      made.held++;
      const alt = from.getAttribute("alt");
      if (alt) into.appendChild(document.createTextNode(`[${alt}]`));
      return;
    }
    element.setAttribute("src", picture);
  }
  takeAll(from, element, document, made);
  into.appendChild(element);
}

/** Values that would fetch something, as the browser writes them: whatever escapes they were written with. Only values of names of a mail's own (`--x`) stay as they were written. */
const FETCHES = /url\(|image-set\(|cross-fade\(|element\(|src\(/i;

/** By its rules, not as an attribute: so the policy that forbids inline styles stands. What would fetch something, or leave its place, is left out. */
function dress(element: HTMLElement, style: string): void {
  const { style: rules } = element;
  rules.cssText = style;
  for (const name of [...rules]) if (name === "position" || name.startsWith("--") || FETCHES.test(rules.getPropertyValue(name))) rules.removeProperty(name);
}

function takeAll(from: Node, into: Node, document: Document, made: Made): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) into.appendChild(document.createTextNode(child.nodeValue ?? ""));
    else if (child.nodeType === Node.ELEMENT_NODE) take(child as Element, into, document, made);
  }
}

/** Styles are carried under another name: where they are read, the console's policy would already complain of them. */
const STYLE = "data-style";

function carried(html: string): string {
  return html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, ` ${STYLE}`));
}

/** Draws the message into the frame's page; answers how many pictures of other servers were left out. */
export function draw(html: string, attachments: Attachment[], document: Document): number {
  const made: Made = { attachments, held: 0 };
  const body = document.createElement("div");
  // A document of its own, never shown: nothing in it is fetched or run.
  takeAll(new DOMParser().parseFromString(carried(html), "text/html").body, body, document, made);
  document.body.replaceChildren(body);
  const page = document.defaultView;
  if (page) {
    const sheet = new (page as typeof globalThis & Window).CSSStyleSheet();
    // Mails are written for white paper, whatever the console looks like.
    sheet.replaceSync(
      "html{background:#fff;color:#1a2230;color-scheme:light}body{margin:0;padding:10px 12px;font:14px/1.5 system-ui,-apple-system,'Segoe UI','PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif;overflow-wrap:anywhere;overflow-y:hidden}" +
        "img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:.5em 0;padding-inline-start:.8em;border-inline-start:3px solid #dde2e9}a{color:#3451b2}",
    );
    document.adoptedStyleSheets = [sheet];
  }
  return made.held;
}
