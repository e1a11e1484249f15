// The gallery's own plugin: it answers every action in this page, keeps nothing, and shows what a plugin is asked.
import { chosen } from "../i18n/language.svelte";
import { isRecord } from "../schema/schema";
import { moved, spotOf } from "../blocks/board/moves";
import type { Answer, Block, BoardBlock, View } from "../blocks/types";

const SLOW_MS = 1_500;
const WEIGHT_MAX = 30;

/** The same view with each block of a type as `change` makes it. */
function changed(view: View, change: (block: Block) => Block): View {
  return { ...view, blocks: view.blocks.map(change) };
}

function withMoved(block: BoardBlock, card: string, to: unknown, index: unknown): BoardBlock {
  const from = spotOf(block.columns, card);
  const column = block.columns.findIndex((one) => one.id === to);
  return from && column >= 0 ? { ...block, columns: moved(block.columns, from, { column, index: Number(index) }) } : block;
}

/** What is done with `view` when it is asked; the answer's view is the next one. */
export async function answer(view: View, action: string, input: unknown): Promise<Answer> {
  const t = chosen.texts.gallery;
  if (action === "fail") throw new Error(t.fails);
  if (action === "slow") await new Promise((done) => setTimeout(done, SLOW_MS));
  const toast = { text: t.sent(action, JSON.stringify(input)).slice(0, 200) };
  if (!isRecord(input)) return { toast };
  const { card, to, index, page, values } = input;
  if (typeof card === "string") return { view: changed(view, (block) => (block.type === "board" ? withMoved(block, card, to, index) : block)) };
  if (typeof page === "number") {
    return { view: changed(view, (block) => (block.type === "table" && block.pages ? { ...block, pages: { ...block.pages, number: page } } : block)) };
  }
  if (isRecord(values) && Number(values["weight"]) > WEIGHT_MAX) return { misfits: [{ pointer: "/weight", detail: t.tooHeavy }] };
  return { toast };
}
