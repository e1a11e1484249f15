// Every page of the console, each with what shows that it is there.

async function list(world) {
  const [installs, tickets, customers, suspended, reports, views] = await Promise.all(
    ["plugins", "tickets?limit=50", "customers", "suspended", "reports", "views"].map((path) => world.api("GET", path)),
  );
  const triggers = installs.items.find((one) => one.plugin === "guichet/triggers");
  const busy = tickets.items.find((one) => one.assignee && one.tags.length) ?? tickets.items[0];
  const report = reports.items[0];
  const at = (name, path, ready = "h1") => ({ name, path, ready });
  return [
    at("tickets", "/", "tbody tr"),
    at("tickets-filter", `/?${new URLSearchParams({ filter: 'state == "open"' })}`, "textarea, fieldset li"),
    ...(views.items[0] ? [at("tickets-view", `/?view=${views.items[0].id}`)] : []),
    at("ticket", `/tickets/${busy.number}`, "aside .card"),
    at("suspended", "/suspended"),
    ...(suspended.items[0] ? [at("suspended-item", `/suspended/${suspended.items[0].id}`)] : []),
    at("customers", "/customers", "tbody tr"),
    at("customer", `/customers/${customers.items[0].id}`),
    at("people", "/people", "#groups"),
    at("reports", "/reports"),
    ...(report ? [at("report", `/reports/${report.install}/${report.name}`, "section.card table")] : []),
    at("plugins", "/settings/plugins", "tbody tr"),
    at("plugin", `/settings/plugins/${triggers.id}`, "#standing"),
    at("plugin-settings", `/settings/plugins/${triggers.id}?tab=settings`, "li.card"),
    at("plugin-runs", `/settings/plugins/${triggers.id}?tab=runs`, "section.card h2"),
    at("plugin-jobs", `/settings/plugins/${triggers.id}?tab=jobs`, "section.card h2"),
    at("plugin-versions", `/settings/plugins/${triggers.id}?tab=versions`, "#versions"),
    at("consent", `/settings/plugins/${triggers.id}/consent`, "#required"),
    at("dead-letters", "/settings/dead-letters", "#dead-letters"),
    at("marketplace", "/marketplace", "h1"),
    at("gallery", "/gallery", "#block-modal"),
    at("tokens", "/settings/tokens", "tbody tr"),
    at("audit", "/audit", "tbody tr"),
    at("not-found", "/nowhere"),
  ];
}

/** Goes to each page, waits until it is there, and lets it be looked at. */
export async function visit(world, page, look, isWanted = () => true) {
  for (const { name, path, ready } of (await list(world)).filter((one) => isWanted(one.name))) {
    await page.goto(`${world.product.base}${path}`);
    await page.locator(ready).first().waitFor();
    await page.locator(".pulse, [aria-busy=true]").first().waitFor({ state: "detached" });
    await look(name);
  }
}
