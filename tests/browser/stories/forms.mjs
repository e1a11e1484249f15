// A form in another site's page: the same questions are asked there, and the same are counted here.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { open } from "../src/browser.mjs";
import { story, until } from "../src/story.mjs";

const both = (en, zh) => ({ en, "zh-CN": zh });

const FORM = {
  id: "embedded",
  title: both("Help with devices", "设备支持"),
  subject: "Help for {{name}}",
  message: "optional",
  fields: [
    {
      name: "device",
      type: "choice",
      required: true,
      label: both("Device", "设备"),
      options: [
        { value: "printer", label: both("A printer", "打印机") },
        { value: "other", label: both("Another one", "其他设备") },
      ],
    },
    {
      name: "number",
      type: "text",
      required: true,
      pattern: "PR-[0-9]{3}",
      "pattern-hint": both("Such as PR-014.", "例如 PR-014。"),
      label: both("Number of the printer", "打印机编号"),
      "show-when": [{ field: "device", operator: "is", value: "printer" }],
    },
  ],
};

/** A site of somebody else's, with the form in a frame; its origin. */
async function site(address) {
  const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(`<!doctype html><title>Intranet</title><h1>Intranet</h1><iframe title="form" src="${address}" width="700" height="900"></iframe>`));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) };
}

story("A form stands in another site's page, asks there what it asks here, and in no page that was not named", "表单嵌入其他网站的页面，提问与本站一致；未列明的网站不能嵌入", async ({ world, language }) => {
  const said = (texts) => texts[language];
  const { id } = (await world.api("GET", "plugins")).items.find((one) => one.plugin === "guichet/web-form");
  const { settings } = await world.api("GET", `plugins/${id}`);
  const address = `${world.product.base}/plugins/guichet/web-form/embedded?lang=${language}`;
  const [named, unnamed] = [await site(address), await site(address)];
  const context = await open(world.browser, { language });
  try {
    await world.api("PUT", `plugins/${id}/settings`, { settings: { ...settings, forms: [...settings.forms, FORM], guard: { ...settings.guard, "seconds-min": 0 }, "embed-on": [named.origin] } });
    const page = await context.newPage();
    await page.goto(named.origin);
    const form = page.frameLocator("iframe");
    await form.getByRole("heading", { level: 1, name: said(FORM.title) }).waitFor();
    const number = form.getByLabel(said(FORM.fields[1].label));
    await number.waitFor({ state: "hidden" });
    const [printer, other] = FORM.fields[0].options.map((option) => form.getByLabel(said(option.label), { exact: true }));
    await printer.check();
    await number.waitFor();
    assert.equal(await number.evaluate((input) => input.required), true, "it is asked, and must be answered");
    await form.locator("input[name=name]").fill("Ana Torres");
    await form.locator("input[name=email]").fill(`ana.${Date.now()}@trade.example`);
    const send = form.locator("form button[type=submit], form button:not([type])").last();
    await number.fill("14");
    await send.click();
    assert.equal(await number.evaluate((input) => input.validity.patternMismatch), true, "the browser says what the server would");
    assert.equal(await number.inputValue(), "14", "and what was written is still there");
    // What is not asked any more does not count, though it was answered.
    await other.check();
    await number.waitFor({ state: "hidden" });
    await send.click();
    await number.waitFor({ state: "detached" });
    const ticket = await until("it is a ticket", async () => (await world.api("GET", "tickets?limit=20")).items.find((one) => one.subject === "Help for Ana Torres" && one.state === "new"));
    const { fields } = await world.api("GET", `tickets/${ticket.number}`);
    assert.deepEqual([fields["guichet/web-form/device"], fields["guichet/web-form/number"]], ["other", undefined]);
    await world.api("PUT", `tickets/${ticket.number}/solution`, {});

    await page.goto(unnamed.origin);
    await page.getByRole("heading", { name: "Intranet" }).waitFor();
    await until("the browser has refused the frame", async () => page.frames().length === 2 && !page.frames()[1].url().startsWith(world.product.base));
    assert.equal(await form.locator("form").count(), 0);
  } finally {
    await world.api("PUT", `plugins/${id}/settings`, { settings });
    await context.close();
    await Promise.all([named.close(), unnamed.close()]);
  }
});
