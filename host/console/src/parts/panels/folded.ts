// Which widgets somebody folded away in this browser.
const KEY = "guichet-folded";

function kept(): string[] {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(all) ? all.filter((one) => typeof one === "string") : [];
  } catch {
    // Storage may be forbidden, or hold something else: then all stand open.
    return [];
  }
}

export function isFolded(key: string): boolean {
  return kept().includes(key);
}

export function fold(key: string, isFolded: boolean): void {
  const others = kept().filter((one) => one !== key);
  try {
    localStorage.setItem(KEY, JSON.stringify(isFolded ? [...others, key] : others));
  } catch {
    // Then it holds as long as the page.
  }
}
