// The texts in English. The other language has the same shape: a missing text does not compile.
export const en = {
  product: "Guichet",
  language: "Language",
  skip: "Skip to content",
  tickets: "Tickets",
  plugins: "Plugins",
  signOut: "Sign out",
  signIn: { title: "Sign in", email: "E-mail", password: "Password", submit: "Sign in" },
  list: { all: "All", mine: "Mine", search: "Search subjects", more: "Show more", none: "No tickets here.", number: "No.", subject: "Subject", requester: "Requester", assignee: "Assignee", group: "Group", updated: "Updated", priority: "Priority", state: "State", keys: "j and k move, Enter opens, / searches" },
  create: { open: "New ticket", subject: "Subject", text: "What is it about?", name: "Requester's name", email: "Requester's e-mail", submit: "Create", cancel: "Cancel" },
  states: { new: "New", open: "Open", pending: "Pending", solved: "Solved", closed: "Closed", suspended: "Suspended", deleted: "Deleted" } as Record<string, string>,
  ticket: {
    conversation: "Conversation", history: "History", properties: "Properties", public: "Public reply", internal: "Internal note", send: "Send", write: "Write a message", hint: "Ctrl+Enter sends",
    solve: "Solve", reopen: "Reopen", wait: "Wait", resume: "Resume", waitReason: "What is being waited for?", nobody: "nobody", tags: "Tags", addTag: "Add a tag", removeTag: "Remove the tag", impact: "Impact", urgency: "Urgency", channel: "Channel", kind: "Kind", created: "Created", attachment: "Attachment",
    stale: "Somebody else changed this ticket. It was loaded again: look, and repeat what you wanted.",
  },
  history: { why: "Why", rule: "Rule", plugin: "Plugin", digest: "Component", cause: "Answers to event", conditions: "What it saw", nothing: "nothing", events: { "ticket.created": "Ticket created", "ticket.changed": "Changed", "message.added": "Message" } as Record<string, string> },
  plugin: { permissions: "Permissions", runs: "Last runs", outcome: "Outcome", effects: "Effects", time: "Time", event: "Event", point: "Point", noRuns: "Has not run since the start.", dead: "Deliveries given up", noDead: "None: every event was handled.", enabled: "enabled", disabled: "disabled", enable: "Enable", disable: "Disable", position: "Place in the order" },
  fields: { state: "State", subject: "Subject", group: "Group", assignee: "Assignee", tags: "Tags", priority: "Priority", impact: "Impact", urgency: "Urgency", requester: "Requester", kind: "Kind", channel: "Channel", number: "Number", pending_reason: "Waits for", pending_until: "Waits until", solved_at: "Solved at", reopen_count: "Times reopened" } as Record<string, string>,
  loading: "Loading…",
  failed: "That did not work",
};

export type Texts = typeof en;
