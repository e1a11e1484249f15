// What all stories share: one product, one browser, one window per language, and the doors from outside.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { launch, open } from "./browser.mjs";
import { ROOT, start } from "./product.mjs";
import { load } from "./texts.mjs";
import { pack } from "./package.mjs";

export class World {
  stamp = Date.now().toString(36);

  static async begin() {
    const world = new World();
    const begun = await Promise.allSettled([start(), launch(), load()]);
    [world.product, world.browser, world.texts] = begun.map((one) => one.value);
    const failed = begun.find((one) => one.status === "rejected");
    if (failed) {
      // What did start must not go on without the rest.
      await world.end();
      throw failed.reason;
    }
    world.states = {};
    world.component = await readFile(process.env.GUICHET_STORIES_COMPONENT ?? join(ROOT, "target/plugins/hostile/dist/plugin.wasm"));
    world.pictures = join(ROOT, "target/stories");
    await mkdir(world.pictures, { recursive: true });
    await world.signInAsProgram();
    await world.giveMailbox();
    return world;
  }

  async end() {
    await this.browser?.close();
    await this.product?.stop();
  }

  /** A window in which the admin is signed in already; signing in is a story of its own. */
  async window(language, how = {}) {
    const context = await open(this.browser, { language, state: await this.signedIn(language), ...how });
    return context.newPage();
  }

  async signedIn(language) {
    if (this.states[language]) return this.states[language];
    const context = await open(this.browser, { language });
    const page = await context.newPage();
    await this.signIn(page, language);
    this.states[language] = await context.storageState();
    await context.close();
    return this.states[language];
  }

  async signIn(page, language, { email, password } = this.product) {
    const t = this.texts[language];
    await page.goto(`${this.product.base}/`);
    await page.getByLabel(t.signIn.email).fill(email);
    await page.getByLabel(t.signIn.password).fill(password);
    await page.getByRole("button", { name: t.signIn.submit }).click();
    await page.getByRole("heading", { level: 1, name: t.tickets }).waitFor();
  }

  /** A colleague of that name, in a browser of her own. */
  async colleague(language, name) {
    const [email, password] = [`${crypto.randomUUID()}@desk.example`, "guichet-demo"];
    await this.api("POST", "agents", { name, email, role: "agent", password });
    const context = await open(this.browser, { language });
    const page = await context.newPage();
    await this.signIn(page, language, { email, password });
    return page;
  }

  /** The address to which customers write, and in whose name answers go out. */
  async giveMailbox() {
    const { id } = (await this.api("GET", "plugins")).items.find((one) => one.plugin === "guichet/email");
    const { settings } = await this.api("GET", `plugins/${id}`);
    if (settings.mailboxes?.length) return;
    await this.api("PUT", `plugins/${id}/settings`, { settings: { ...settings, mailboxes: [{ address: "support@desk.example", name: "Support" }] } });
  }

  /** For setting the stage: the API, as any program of the admin's uses it. */
  async signInAsProgram() {
    const answer = await fetch(`${this.product.base}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: this.product.email, password: this.product.password }),
    });
    if (!answer.ok) throw new Error(`the first admin cannot sign in: ${answer.status} ${await answer.text()}`);
    this.cookie = answer.headers.get("set-cookie").split(";")[0];
    this.csrf = (await answer.json()).csrf_token;
  }

  async api(method, path, body, headers = {}) {
    const isRaw = body instanceof Uint8Array;
    const answer = await fetch(`${this.product.base}/api/v1/${path}`, {
      method,
      headers: { cookie: this.cookie, "x-csrf-token": this.csrf, ...(body && !isRaw ? { "content-type": "application/json" } : {}), ...headers },
      body: body === undefined ? undefined : isRaw ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** A mail comes in, as a mail server hands it over. `parts` follow the text: HTML, pictures. */
  async mail({ from, subject, text, headers = "", parts = [] }) {
    const boundary = "one-part-and-the-next";
    const part = ({ type, content, more = "" }) => `Content-Type: ${type}\r\n${more}Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}\r\n`;
    const plain = part({ type: "text/plain; charset=utf-8", content: text });
    const body = parts.length
      ? `Content-Type: multipart/related; boundary="${boundary}"\r\n\r\n${parts.map((one) => `--${boundary}\r\n${part(one)}`).join("")}--${boundary}--\r\n`
      : plain;
    const raw = `From: ${from}\r\nTo: support@desk.example\r\nSubject: =?utf-8?B?${Buffer.from(subject).toString("base64")}?=\r\nMessage-ID: <${crypto.randomUUID()}@trade.example>\r\nDate: ${new Date().toUTCString()}\r\n${headers}MIME-Version: 1.0\r\n${body}`;
    const answer = await fetch(`${this.product.base}/plugins/guichet/email/inbound`, { method: "POST", headers: { authorization: `Bearer ${this.product.mailToken}` }, body: raw });
    if (!answer.ok) throw new Error(`the mail was refused: ${answer.status} ${await answer.text()}`);
  }

  async ticket(subject, text = subject) {
    return this.api("POST", "tickets", { subject, text, requester: { name: "Ana Torres", email: "ana.torres@trade.example" } });
  }

  /** The program, as a terminal runs it. */
  async run(...parts) {
    const { stdout } = await promisify(execFile)(this.product.program, parts);
    return stdout;
  }

  /** A version of the stories' plugin on offer in the demo's marketplace, by its author's own commands. */
  async publish(name, version, more = "") {
    const folder = await mkdtemp(join(tmpdir(), "guichet-stories-plugin-"));
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "plugin.toml"), manifest(`guichet/${name}`, version, more));
    await writeFile(join(folder, "dist/plugin.wasm"), this.component);
    await this.run("plugin", "pack", "--no-build", "--folder", folder);
    await this.run("plugin", "sign", "--key", join(this.product.data, "publisher.key"), "--folder", folder);
    await this.run("plugin", "publish", "--to", this.product.market, "--folder", folder);
    await rm(folder, { recursive: true });
    await this.lookAtMarket();
  }

  async revoke(name, version, reason) {
    await this.run("marketplace", "revoke", "--data", join(this.product.data, "marketplace"), `guichet/${name}@${version}`, "--reason", reason);
    await this.lookAtMarket();
  }

  /** The host looks by itself from time to time; asked for a plugin that is here already, it looks now. */
  async lookAtMarket() {
    await this.api("POST", "plugins", { marketplace: "guichet/email" });
  }

  /** A package of the stories' own plugin. */
  package(name, version, more = "") {
    return pack(manifest(`stories/${name}`, version, more), this.component);
  }

  async install(name, version, settings, more) {
    const install = await this.api("POST", "plugins/packages?unsigned=true", this.package(name, version, more), { "content-type": "application/vnd.oci.image.layout.v1+tar" });
    const grants = install.permissions.filter((one) => !one.optional).map((one) => one.name);
    await this.api("PUT", `plugins/${install.id}/consent`, { digest: install.digest, grants, settings });
    await this.api("PUT", `plugins/${install.id}/enablement`);
    return install.id;
  }

  /** A plugin that fails, and the ticket at which it did; begun early, for it is tried again for a while before it is given up. */
  async fail(language) {
    const subject = `Fails ${language} ${Date.now()}`;
    // Of this ticket alone: one that fails with every ticket is paused.
    const install = await this.install(this.nameOf("fails", language), "1.0.0", { deed: "fail" }, only(subject));
    const { number } = await this.ticket(subject);
    return { install, number };
  }

  /** A plugin's name of this telling alone: what was uninstalled is remembered for a while. */
  nameOf(what, language) {
    return `${what}-${language.slice(0, 2)}-${this.stamp}`;
  }

  failing(language) {
    this.failures ??= {};
    return (this.failures[language] ??= this.fail(language));
  }

  /** What pictures of an idle desk would lack. */
  async furnish() {
    await this.mail({ from: "peter.lang@trade.example", subject: "Out of office", text: "I am away until Monday.", headers: "Auto-Submitted: auto-replied\r\n" });
    await this.ticket("VPN does not connect from the hotel", "Since yesterday the VPN asks for a code that never comes.");
    await this.failing("en");
  }
}

const PERMISSIONS = [
  ["tickets-read", "It looks at the tickets that it tags.", "需要查看要打标签的工单。"],
  ["tickets-write", "It tags tickets.", "需要为工单打标签。"],
  ["customers-read", "It names the requester.", "需要用到请求人的姓名。"],
  ["directory-read", "It names the agent.", "需要用到客服的姓名。"],
  ["events-read", "It looks at what happened before.", "需要查看之前发生的事件。"],
  ["events-emit", "It tells what it found.", "需要告知其发现。"],
  ["records", "It counts.", "需要计数。"],
  ["jobs", "It works later, too.", "需要延后执行任务。"],
  ["secrets", "It signs in elsewhere.", "需要登录其他系统。"],
  ["files", "It looks at attachments.", "需要查看附件。"],
  ["intake", "It could bring mails in.", "可用于接收邮件。", true],
  ["customers-write", "It could keep addresses up to date.", "可用于更新地址。", true],
];

/** `deed` is what it does with each new ticket. */
function manifest(id, version, more) {
  const permissions = PERMISSIONS.map(
    ([permission, en, zh, optional]) => `[[permissions]]\nname = "${permission}"\nreason.en = "${en}"\nreason.zh-CN = "${zh}"\n${optional ? "optional = true\n" : ""}`,
  ).join("\n");
  const name = id.split("/")[1];
  return `id = "${id}"
version = "${version}"
platform = "^0.1"

[title]
en = "${titleOf(name, "en")}"
zh-CN = "${titleOf(name, "zh-CN")}"

[summary]
en = "Tags tickets about parcels."
zh-CN = "为与包裹有关的工单打标签。"

${permissions}
[[shared]]
name = "business-calendar"
reason.en = "It knows on which days parcels are carried."
reason.zh-CN = "需要知道哪些日子派送包裹。"
optional = true

[[egress]]
host = "{settings.server}"
reason.en = "It asks the carrier where a parcel is."
reason.zh-CN = "需要向承运商查询包裹位置。"
optional = true

[[egress]]
host = "mail.carrier.example:993"
protocol = "net"
reason.en = "It reads the carrier's mails."
reason.zh-CN = "需要读取承运商的邮件。"
optional = true
${more.includes("[[events]]") ? "" : ALL_TICKETS}
${more}
[[collections]]
name = "counts"

[settings]
type = "object"
required = ["deed"]
additionalProperties = false

[settings.properties.server]
type = "string"
title = "Carrier's address"
x-title-zh-CN = "承运商地址"

[settings.properties.password]
type = "string"
secret = true
title = "Password at the carrier"
x-title-zh-CN = "承运商密码"

[settings.properties.guard]
type = "object"
title = "What it lets not pass"
x-title-zh-CN = "不予放行的内容"

[settings.properties.deed]
title = "With each new ticket"
x-title-zh-CN = "对每张新工单"

[[settings.properties.deed.anyOf]]
enum = ["rest", "fail"]

[[settings.properties.deed.anyOf]]
type = "object"
required = ["tag"]
additionalProperties = false
properties.tag = { type = "string", title = "Tag", x-title-zh-CN = "标签" }
`;
}

const ALL_TICKETS = `
[[events]]
kind = "ticket.created"
`;

/** Instead of all tickets, those with this in their subject. */
export const only = (subject) => `
[[events]]
kind = "ticket.created"
filter = 'ticket.subject.contains("${subject}")'
`;

/** What the stories' plugin is called. */
export const titleOf = (name, language) => (language === "en" ? `Parcel tags (${name})` : `包裹标签（${name}）`);

/** Views, each with a name, a location and a title in both languages. By the settings, `shows` has what each shows, `answers` what each action answers. */
export const views = (all) => `
${all.map(({ name, location, en, zh }) => `[[views]]\nname = "${name}"\nlocation = "${location}"\ntitle.en = "${en}"\ntitle.zh-CN = "${zh}"\n`).join("\n")}
[settings.properties.shows]
type = "object"
title = "What it shows"
x-title-zh-CN = "显示的内容"

[settings.properties.answers]
type = "object"
title = "What it answers"
x-title-zh-CN = "应答的内容"
`;

/** A look at each message before it is written. */
export const GUARD = `
[guard]
kinds = ["message.added"]
on-failure = "closed"
reason.en = "It looks at each message before it is written."
reason.zh-CN = "在写入之前检查每条消息。"
`;

/** What a version asks beyond the one before. */
export const ONE_MORE_HOST = `
[[egress]]
host = "api.carrier.example"
reason.en = "It asks the carrier's new server."
reason.zh-CN = "需要访问承运商的新服务器。"
`;
