// Pictures of every page, in both languages, for a desk and for a phone: target/screenshots/{language}/{device}/{page}.png.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DESKTOP, open, PHONE } from "./src/browser.mjs";
import { visit } from "./src/pages.mjs";
import { ROOT } from "./src/product.mjs";
import { World } from "./src/world.mjs";

const TO = process.env.GUICHET_SCREENSHOTS ?? join(ROOT, "target/screenshots");
// Words name the pages: all of them by default.
const only = process.argv.slice(2);
const isWanted = (name) => only.length === 0 || only.some((word) => name.includes(word));
const world = await World.begin();

async function take(page, language, device, name) {
  const folder = join(TO, language, device);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function signInPage(language, device, viewport) {
  const outside = await open(world.browser, { language, viewport });
  const door = await outside.newPage();
  await door.goto(`${world.product.base}/`);
  await door.locator("form").waitFor();
  await take(door, language, device, "sign-in");
  await outside.close();
}

try {
  await world.furnish();
  for (const language of ["en", "zh-CN"]) {
    for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      if (isWanted("sign-in")) await signInPage(language, device, viewport);
      const page = await world.window(language, { viewport });
      await visit(world, page, (name) => take(page, language, device, name), isWanted);
      await page.context().close();
    }
  }
  process.stdout.write(`${TO}\n`);
} finally {
  await world.end();
}
