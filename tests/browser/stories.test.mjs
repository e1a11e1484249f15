// Stories told to the product itself in a real browser, in both languages. `GUICHET_STORIES=word` tells those whose sentence has the word.
import { after, before, describe, it } from "node:test";
import { isUsable } from "./src/axe.mjs";
import { stories } from "./src/story.mjs";
import { World } from "./src/world.mjs";
import "./stories/desk.mjs";
import "./stories/views.mjs";
import "./stories/plugins.mjs";
import "./stories/settings.mjs";
import "./stories/reports.mjs";
import "./stories/admin.mjs";
import "./stories/pages.mjs";

const wanted = process.env.GUICHET_STORIES ?? "";
const STORY_MS_MAX = 90_000;
const LANGUAGES = ["en", "zh-CN"];
let world;

before(async () => {
  world = await World.begin();
  // Begun now, given up by the time their story is told.
  for (const language of LANGUAGES) void world.failing(language).catch(() => {});
});

after(() => world?.end());

for (const language of LANGUAGES) {
  describe(language, () => {
    for (const { en, zh, tell } of stories) {
      const sentence = language === "en" ? en : zh;
      if (wanted && !`${en} ${zh}`.includes(wanted)) continue;
      it(sentence, { timeout: STORY_MS_MAX }, async () => {
        const page = await world.window(language);
        const broken = [];
        page.on("pageerror", (error) => broken.push(error.message));
        page.on("console", (message) => message.type() === "error" && /Content.Security.Policy|Refused to/i.test(message.text()) && broken.push(message.text()));
        try {
          await tell({ page, world, language, t: world.texts[language] });
          if (page.url() !== "about:blank") await isUsable(page, "at the end of the story");
          if (broken.length) throw new Error(`the page broke on the way: ${broken.join("; ")}`);
        } catch (error) {
          await page.screenshot({ path: `${world.pictures}/${language}-${sentence.slice(0, 40).replace(/[^\p{L}\d]+/gu, "-")}.png`, fullPage: true }).catch(() => {});
          throw error;
        } finally {
          await page.context().close();
        }
      });
    }
  });
}
