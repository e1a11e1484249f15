// Stories told to the product itself in a real browser, in both languages. `GUICHET_STORIES` (a pattern) names the sentences to be told.
import { after, before, describe, it } from "node:test";
import { isUsable, stories } from "./src/story.mjs";
import { World } from "./src/world.mjs";
import "./stories/desk.mjs";
import "./stories/channels.mjs";
import "./stories/forms.mjs";
import "./stories/mails.mjs";
import "./stories/live.mjs";
import "./stories/drafts.mjs";
import "./stories/views.mjs";
import "./stories/plugins.mjs";
import "./stories/settings.mjs";
import "./stories/reports.mjs";
import "./stories/blocks.mjs";
import "./stories/panels.mjs";
import "./stories/levels.mjs";
import "./stories/admin.mjs";
import "./stories/pages.mjs";

const wanted = new RegExp(process.env.GUICHET_STORIES ?? "", "iu");
const chosen = stories.filter(({ en, zh }) => wanted.test(`${en} ${zh}`));
if (chosen.length === 0) throw new Error(`no story has ${wanted} in its sentence`);
/** A busy machine is slow; a story that hangs ends all the same. */
const STORY_MS_MAX = 240_000;
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
    for (const { en, zh, tell } of chosen) {
      const sentence = language === "en" ? en : zh;
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
