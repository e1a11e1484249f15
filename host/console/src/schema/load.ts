// What settings forms pick from, asked of the host.
import { listAgents, listCustomerGroups, listGroups } from "../api/people";
import { chosen } from "../i18n/language.svelte";
import { names, pluginField } from "../views/names.svelte";
import type { Sources } from "./sources.svelte";

export async function loadSources(): Promise<Sources> {
  const [agents, groups, customerGroups] = await Promise.all([listAgents(), listGroups(), listCustomerGroups(), names.load()]);
  return {
    agents: agents.filter((agent) => agent.active),
    groups,
    customerGroups,
    fields: names.all.map(({ name, title, type }) => ({ name: pluginField(name) ?? name, title: chosen.of(title) || name, type })),
  };
}
