// The product itself, as anybody starts it: `guichet demo` with a data folder of its own on a free port; or one that runs already (GUICHET_STORIES_URL).
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const PROGRAM = process.env.GUICHET_PROGRAM ?? join(ROOT, "target/debug/guichet");
const TENANT = "demo";
const START_MS_MAX = 120_000;

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts it; answers where it is, how to sign in, and how to bring mails in. */
export async function start() {
  const given = process.env.GUICHET_STORIES_URL;
  if (given) {
    const mailToken = process.env.GUICHET_STORIES_MAIL_TOKEN ?? "";
    const [data, market] = [process.env.GUICHET_STORIES_DATA ?? "", process.env.GUICHET_STORIES_MARKET ?? ""];
    return { base: `${given.replace(/\/$/, "")}/t/${TENANT}`, mailToken, program: PROGRAM, data, market, ...FIRST, stop: async () => {} };
  }
  const port = await freePort();
  const data = await mkdtemp(join(tmpdir(), "guichet-stories-"));
  const plugins = process.env.GUICHET_PLUGINS ?? join(ROOT, "target/plugins");
  const child = spawn(PROGRAM, ["demo", "--data", data, "--plugins", plugins, "--listen", `127.0.0.1:${port}`, "--marketplace-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  child.stdout.on("data", (text) => (told += text));
  child.stderr.on("data", (text) => (told += text));
  const ended = new Promise((done) => child.once("exit", done));
  child.once("error", (error) => (told += `\n${PROGRAM} cannot be started: ${error.message}`));
  // Whatever ends this process ends the product with it.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
    await rm(data, { recursive: true, force: true });
  };
  const begun = Date.now();
  const isUp = () => fetch(`http://localhost:${port}/health`).then((answer) => answer.ok, () => false);
  while (!(await isUp())) {
    if (child.exitCode !== null || Date.now() - begun > START_MS_MAX) {
      kill();
      throw new Error(`the product did not start: ${PROGRAM}\n${told}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  const mailToken = /Bearer ([^'\s]+)/.exec(told)?.[1] ?? "";
  const market = /plugins\s+(http:\S+?)\/?\s/.exec(told)?.[1] ?? "";
  return { base: `http://localhost:${port}/t/${TENANT}`, mailToken, program: PROGRAM, data, market, ...FIRST, stop };
}

const FIRST = { email: "lin@desk.example", password: "guichet-demo" };
