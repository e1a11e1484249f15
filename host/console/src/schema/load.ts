// What settings forms pick from, asked of the host.
import { listNames } from "../api/expressions";
import { listAgents, listCustomerGroups, listGroups } from "../api/people";
import { chosen } from "../i18n/language.svelte";
import type { Sources } from "./sources.svelte";

export async function loadSources(): Promise<Sources> {
  const [agents, groups, customerGroups, names] = await Promise.all([listAgents(), listGroups(), listCustomerGroups(), listNames()]);
  return {
    agents: agents.filter((agent) => agent.active),
    groups,
    customerGroups,
    fields: names.map((one) => ({ name: one.name, title: chosen.of(one.title) || one.name, type: one.type })),
  };
}
