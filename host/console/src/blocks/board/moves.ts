// Where a card of a board is, and where a key or a pointer takes it.
import type { BoardColumn, Card } from "../types";

export interface Spot {
  column: number;
  index: number;
}

/** Where the card is, by its id. */
export function spotOf(columns: BoardColumn[], card: string): Spot | undefined {
  for (const [column, { cards }] of columns.entries()) {
    const index = cards.findIndex((one) => one.id === card);
    if (index >= 0) return { column, index };
  }
  return undefined;
}

/** The same columns with the card at another place, which is counted without the card itself. */
export function moved(columns: BoardColumn[], from: Spot, to: Spot): BoardColumn[] {
  const card = columns[from.column]?.cards[from.index];
  if (!card) return columns;
  const without = (cards: Card[], isFrom: boolean) => (isFrom ? cards.filter((_, index) => index !== from.index) : cards);
  return columns.map((column, at) => {
    const rest = without(column.cards, at === from.column);
    return { ...column, cards: at === to.column ? [...rest.slice(0, to.index), card, ...rest.slice(to.index)] : rest };
  });
}

/** The next place that way, if there is one: in a shorter column, the last one. */
export function step(columns: BoardColumn[], from: Spot, key: string): Spot | undefined {
  const count = (column: number) => columns[column]?.cards.length ?? 0;
  switch (key) {
    case "ArrowUp":
      return from.index > 0 ? { ...from, index: from.index - 1 } : undefined;
    case "ArrowDown":
      return from.index + 1 < count(from.column) ? { ...from, index: from.index + 1 } : undefined;
    case "ArrowLeft":
      return from.column > 0 ? { column: from.column - 1, index: Math.min(from.index, count(from.column - 1)) } : undefined;
    case "ArrowRight":
      return from.column + 1 < columns.length ? { column: from.column + 1, index: Math.min(from.index, count(from.column + 1)) } : undefined;
    default:
      return undefined;
  }
}

/** Above which of the cards a pointer is: by the middle of each. */
export function indexAt(list: HTMLElement, y: number): number {
  const cards = [...list.querySelectorAll<HTMLElement>(":scope > [data-card]")];
  const above = cards.findIndex((card) => {
    const { top, height } = card.getBoundingClientRect();
    return y < top + height / 2;
  });
  return above < 0 ? cards.length : above;
}
