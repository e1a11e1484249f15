// Senders whose mails become no tickets: a setting of the e-mail plugin. Only admins may ask.
import { listInstalls, loadInstall, setSettings, type Install } from "./plugins";
import type { Suspended } from "./queue";

const EMAIL = "guichet/email";

/** How it names a sender that it cannot read. */
const UNKNOWN_SENDER = "mailto:unknown@invalid";

/** Only mails are held back by their sender, and only where they tell one who is not blocked yet. */
export function canBlock({ channel, sender, reason }: Suspended): boolean {
  return channel === "email" && sender.startsWith("mailto:") && sender !== UNKNOWN_SENDER && reason !== "blocklist";
}

/** The plugin that takes mails in; undefined where none does. */
export async function findEmail(): Promise<Install | undefined> {
  return (await listInstalls()).find((one) => one.plugin === EMAIL && one.state === "enabled");
}

/** Whatever else is set stays, and so do secrets: they are left out. */
export async function blockSender(email: Install, address: string): Promise<void> {
  const { settings } = await loadInstall(email.id);
  const blocked: unknown[] = Array.isArray(settings["blocklist"]) ? settings["blocklist"] : [];
  if (!blocked.includes(address)) await setSettings(email.id, { ...settings, blocklist: [...blocked, address] });
}
