// What comes anew and says the same stays the same object: nothing that stands is drawn again for it.

export function kept<Item>(before: Item[], now: Item[], keyOf: (item: Item) => unknown): Item[] {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  const items = now.map((item) => {
    const old = known.get(keyOf(item));
    return old !== undefined && JSON.stringify(old) === JSON.stringify(item) ? old : item;
  });
  return items.length === before.length && items.every((item, at) => item === before[at]) ? before : items;
}
