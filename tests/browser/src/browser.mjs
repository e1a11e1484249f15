// A real Chromium, found where it usually is.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** How long anything that should happen may take. */
export const WAIT_MS = 30_000;

export function find() {
  const found = [process.env.CHROMIUM, ...PLACES].find((place) => place && existsSync(place));
  if (!found) throw new Error("the stories need Chromium: install it, for instance with `apt-get install chromium`, or name it by CHROMIUM");
  return found;
}

/** Its profile is fresh at every launch. */
export function launch() {
  return chromium.launch({
    executablePath: find(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A person's window, in that language, with nothing but the product within reach. */
export async function open(browser, { language = "en", viewport = DESKTOP, dark = false, state } = {}) {
  const context = await browser.newContext({
    viewport,
    locale: language,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    storageState: state,
    isMobile: viewport === PHONE,
    hasTouch: viewport === PHONE,
  });
  context.setDefaultTimeout(WAIT_MS);
  return context;
}
