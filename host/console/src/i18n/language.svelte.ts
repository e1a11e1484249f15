// The language that is shown, kept in this browser.
import { en, type Texts } from "./en";
import { zhCN } from "./zh-CN";

export type Language = "en" | "zh-CN";
const KEY = "guichet-language";

function first(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "zh-CN") return kept;
  return navigator.language.startsWith("zh") ? "zh-CN" : "en";
}

class Chosen {
  language: Language = $state(first());
  get texts(): Texts {
    return this.language === "zh-CN" ? zhCN : en;
  }
  choose(language: Language) {
    this.language = language;
    localStorage.setItem(KEY, language);
  }
}

export const chosen = new Chosen();

/** A moment, as people of the language write it. */
export function moment(at: string): string {
  return new Intl.DateTimeFormat(chosen.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** How long ago, roughly. */
export function ago(at: string): string {
  const seconds = (new Date(at).getTime() - Date.now()) / 1000;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const format = new Intl.RelativeTimeFormat(chosen.language, { numeric: "auto" });
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  return format.format(Math.round(seconds), "second");
}
