// The language that is shown, kept in this browser.
import { en, type Texts } from "./en";
import { zhCN } from "./zh-CN";

export type Language = "en" | "zh-CN";

const KEY = "guichet-language";

function first(): Language {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === "en" || kept === "zh-CN") return kept;
  } catch {
    // Storage may be forbidden; the browser's language does as well.
  }
  return navigator.language.startsWith("zh") ? "zh-CN" : "en";
}

class Chosen {
  language: Language = $state(first());

  get texts(): Texts {
    return this.language === "zh-CN" ? zhCN : en;
  }

  choose(language: Language): void {
    this.language = language;
    try {
      localStorage.setItem(KEY, language);
    } catch {
      // Then it holds for this page only.
    }
  }

  /** The text in the language that is shown, or in the one that there is. */
  of(texts: Record<string, string>): string {
    return texts[this.language] ?? texts["en"] ?? Object.values(texts)[0] ?? "";
  }
}

export const chosen = new Chosen();
