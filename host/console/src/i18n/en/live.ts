// What is said of others who work at the same time.
export const live = {
  live: {
    lost: "No connection: what is shown may be old.",
    listChanged: "The list has changed",
    showList: "Show the list as it is now",
  },
  presence: {
    looks: (name: string) => `${name} is looking at this too`,
    lookToo: (names: string) => `${names} are looking at this too`,
    writes: (name: string) => `${name} is writing…`,
    writeToo: (names: string) => `${names} are writing…`,
  },
  news: {
    one: (author: string) => `New message by ${author}`,
    several: (count: string, author: string) => `${count} new messages, the last one by ${author}`,
    show: "New message",
  },
  conflict: {
    told: (who: string, field: string, theirs: string, mine: string) => `${who} changed “${field}” to “${theirs}” meanwhile. You wanted “${mine}”.`,
    keep: (theirs: string) => `Keep “${theirs}”`,
    set: (mine: string) => `Set “${mine}”`,
  },
};
