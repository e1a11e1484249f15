// Mails that mean harm, in a real browser: as the mail plugin hands them on, and as they came, past every plugin.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { DESKTOP, PHONE } from "../src/browser.mjs";
import { story, until } from "../src/story.mjs";

const MAILS = new URL("../mails/", import.meta.url);
const ROUTE = '[[routes]]\npath = "/"\nmethods = ["POST"]\naccess = "agent"\nacts-as = "plugin"\n';

const mails = async () => Promise.all((await readdir(MAILS)).sort().map(async (file) => ({ name: file.replace(".html", ""), html: await readFile(new URL(file, MAILS), "utf8") })));

/** What is in the frames of a page that could do harm; nothing, as it should be. */
const harm = (page) =>
  page.evaluate(() => ({
    broken: window.broken,
    title: document.title.includes("broken"),
    frames: [...document.querySelectorAll("iframe")].flatMap((frame, place) => {
      const { body, defaultView } = frame.contentDocument;
      const all = [...body.querySelectorAll("*")];
      const acting = all.filter((one) => /^(script|style|link|meta|base|title|template|noscript|i?frame|frameset|object|embed|applet|svg|math|form|input|button|select|textarea|audio|video|source|track)$/i.test(one.localName));
      const wrong = [
        ...acting.map((one) => one.localName),
        ...all.flatMap((one) => one.getAttributeNames().filter((name) => /^on|^(srcset|srcdoc|background|ping|formaction|action|id|name|style-src)$/i.test(name))),
        ...[...body.querySelectorAll("a[href]")].filter((one) => !/^(https?|mailto|tel):$/.test(one.protocol) || one.target !== "_blank" || !one.rel.includes("noopener")).map((one) => one.outerHTML),
        ...all.map((one) => defaultView.getComputedStyle(one)).flatMap((style) => [style.backgroundImage, style.listStyleImage, style.cursor].filter((value) => /url|image-set/.test(value))),
        ...all.map((one) => defaultView.getComputedStyle(one).position).filter((position) => position !== "static"),
        ...(body.innerText.includes("seen") ? [] : ["its text is gone"]),
        ...(defaultView.broken ? ["a script ran"] : []),
        ...(frame.clientHeight > 3_000 || frame.getBoundingClientRect().right > document.documentElement.clientWidth ? ["it is larger than its place"] : []),
      ];
      return wrong.length ? [{ place, wrong }] : [];
    }),
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));

const NONE = { broken: undefined, title: false, frames: [], wider: 0 };

/** Until so many are drawn, each with its text. */
const drawn = (page, count) =>
  until("the mails are drawn", () => page.evaluate((wanted) => [...document.querySelectorAll("iframe")].filter((frame) => frame.contentDocument?.body?.firstElementChild).length === wanted, count));

/** Requests that a page makes of others than the product. */
function foreign(page, world) {
  const asked = [];
  const own = new URL(world.product.base).host;
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (!["data:", "about:", "blob:"].includes(protocol) && host !== own) asked.push(request.url());
  });
  return asked;
}

story("Hostile mails are shown without harm: nothing runs, nothing is fetched from elsewhere, nothing leaves its place", "恶意邮件也能无害显示：不执行任何内容，不从其他服务器加载，也不超出其位置", async ({ page, world, language }) => {
  const asked = foreign(page, world);
  const stamp = Date.now();
  const all = await mails();
  assert.ok(all.length >= 40, `${all.length} mails`);
  for (const { name, html } of all) {
    // The same words again and again would be a loop of machines.
    await world.mail({ from: `Eve <eve@${name.slice(0, 50)}-${language.slice(0, 2).toLowerCase()}.example>`, subject: `${name} ${stamp}`, text: "", parts: [{ type: "text/html; charset=utf-8", content: `<p>${name} ${stamp}</p>${html}` }] });
  }
  const tickets = await until("all are tickets", async () => {
    const found = (await world.api("GET", `tickets?limit=200`)).items.filter((one) => one.subject.endsWith(String(stamp)));
    const missing = all.filter(({ name }) => !found.some((one) => one.subject.startsWith(name)));
    if (missing.length) throw new Error(missing.map(({ name }) => name).join(", "));
    return found;
  });
  for (const { number, subject } of tickets) {
    await page.goto(`${world.product.base}/tickets/${number}`);
    await drawn(page, 1);
    assert.deepEqual(await harm(page), NONE, subject);
  }
  assert.deepEqual(asked, []);
});

story("What a channel did not make safe is shown without harm all the same", "渠道未做安全处理的内容同样能无害显示", async ({ world, language }) => {
  // A window of its own: the policy refuses what is in these mails as soon as it is read, and the browser says so.
  const page = await world.window(language);
  const asked = foreign(page, world);
  const name = world.nameOf("raw", language);
  const body = world.package(name, "1.0.0", ROUTE);
  const install = await world.api("POST", "plugins/packages?unsigned=true", body, { "content-type": "application/vnd.oci.image.layout.v1+tar" });
  const grants = install.permissions.map((one) => one.name).filter((one) => !/^(http|net):/.test(one));
  await world.api("PUT", `plugins/${install.id}/consent`, { digest: install.digest, grants, settings: { deed: "rest" } });
  await world.api("PUT", `plugins/${install.id}/enablement`);
  const call = async (...parts) => {
    const url = `${world.product.base}/plugins/stories/${name}/calls`;
    const answer = await fetch(url, { method: "POST", headers: { cookie: world.cookie, "x-csrf-token": world.csrf }, body: JSON.stringify([parts]) });
    const [told] = await answer.json();
    assert.ok("ok" in told, JSON.stringify(told));
    return told.ok;
  };
  const eve = await call("customers-write.ensure", ["mailto:eve@evil.example"], true, {});
  const all = await mails();
  const ticket = await call("intake.create", { subject: `Raw ${Date.now()}`, requester: eve, message: { visibility: "public", text: "First" }, fields: { channel: "api" } }, ["customer", eve]);
  // No database keeps a NUL in a text.
  for (const { html } of all) await call("intake.add-message", ticket, { visibility: "public", text: "See the looks.", html: html.replaceAll("\0", "") }, ["customer", eve]);
  const { number } = await until("the ticket is there", async () => (await world.api("GET", "tickets?limit=200")).items.find((one) => one.id === ticket));
  await page.goto(`${world.product.base}/tickets/${number}`);
  await drawn(page, all.length);
  const named = (found) => ({ ...found, frames: found.frames.map(({ place, wrong }) => [all[place].name, wrong]) });
  assert.deepEqual(named(await harm(page)), NONE);
  await page.setViewportSize({ width: 320, height: PHONE.height });
  assert.deepEqual(named(await harm(page)), NONE, "on a small phone, too");
  await page.setViewportSize(DESKTOP);
  assert.deepEqual(asked, []);
  await page.context().close();
  await world.api("DELETE", `plugins/${install.id}`);
});
