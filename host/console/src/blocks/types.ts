// What plugins render, as sdk/view/view.schema.json says. The host has read and bounded it before it comes here; what is drawn is careful all the same.
import type { Misfit } from "../api/client";
import type { Schema } from "../schema/schema";

export type Tone = "plain" | "good" | "wait" | "bad";
export type Style = "plain" | "primary" | "danger";

export interface View {
  title?: string;
  blocks: Block[];
}

export interface Action {
  action: string;
  input?: unknown;
  confirm?: { title: string; text: string; danger?: boolean };
  style?: Style;
}

export type Go =
  | { to: "ticket"; number: number }
  | { to: "tickets"; filter?: string }
  | { to: "customer"; id: string }
  | { to: "page"; page: string }
  | { to: "report"; report: string }
  | { to: "link"; url: string };

/** What a plugin answers to an action. */
export interface Answer {
  view?: View;
  toast?: { text: string; kind?: "done" | "problem" };
  go?: Go;
  misfits?: Misfit[];
}

export interface StackBlock {
  type: "stack";
  title?: string;
  direction?: "down" | "across";
  framed?: boolean;
  blocks: Block[];
}

export interface ColumnsBlock {
  type: "columns";
  columns: { share?: number; blocks: Block[] }[];
}

export interface TabsBlock {
  type: "tabs";
  title: string;
  tabs: { id: string; title: string; blocks: Block[] }[];
  chosen?: string;
}

export interface TextBlock {
  type: "text";
  text: string;
  style?: "plain" | "quiet" | "strong";
  tone?: Tone;
}

export interface MarkdownBlock {
  type: "markdown";
  text: string;
}

export interface Badge {
  text: string;
  tone?: Tone;
}

export interface BadgeBlock extends Badge {
  type: "badge";
}

export type ColumnKind = "text" | "integer" | "number" | "percent" | "duration" | "instant" | "ticket" | "badge";
export type Cell = string | number | Badge | null;

export interface KeyValueBlock {
  type: "key-value";
  pairs: { key: string; value?: Cell; kind?: ColumnKind; go?: Go }[];
}

export interface ProgressBlock {
  type: "progress";
  title: string;
  value?: number;
  of?: number;
  tone?: Tone;
}

export interface FileBlock {
  type: "file";
  file: string;
  name: string;
  size?: number;
  "media-type"?: string;
}

export interface TimelineBlock {
  type: "timeline";
  title: string;
  entries: { at: string; title: string; text?: string; tone?: Tone; go?: Go }[];
}

export interface TreeNode {
  id: string;
  title: string;
  badge?: Badge;
  open?: boolean;
  action?: Action;
  go?: Go;
  nodes?: TreeNode[];
}

export interface TreeBlock {
  type: "tree";
  title: string;
  nodes: TreeNode[];
}

export interface Column {
  name: string;
  title: string;
  kind?: ColumnKind;
  sortable?: boolean;
}

export interface Sorted {
  by: string;
  descending?: boolean;
}

export interface Row {
  cells: Cell[];
  go?: Go;
  buttons?: Button[];
}

export interface TableBlock {
  type: "table";
  title?: string;
  columns: Column[];
  rows: Row[];
  sorted?: Sorted;
  "rows-per-page"?: number;
  pages?: { number: number; of?: number; action: Action };
}

export interface Card {
  id: string;
  title: string;
  text?: string;
  badges?: Badge[];
  go?: Go;
  buttons?: Button[];
}

export interface BoardColumn {
  id: string;
  title: string;
  limit?: number;
  cards: Card[];
}

export interface BoardBlock {
  type: "board";
  title: string;
  columns: BoardColumn[];
  move?: Action;
}

export interface ChartBlock {
  type: "chart";
  title: string;
  kind: "bar" | "line" | "area" | "pie" | "number";
  columns: Column[];
  rows: Cell[][];
  stacked?: boolean;
}

export interface Button {
  text: string;
  action?: Action;
  go?: Go;
  /** Why it cannot be pressed. */
  disabled?: string;
}

export interface ButtonBlock extends Button {
  type: "button";
}

export interface MenuBlock {
  type: "menu";
  text: string;
  items: Button[];
}

export interface Condition {
  field: string;
  operator: "is" | "is-not" | "is-empty" | "is-not-empty" | "greater-than" | "less-than";
  value?: unknown;
}

export interface FormBlock {
  type: "form";
  title?: string;
  schema: Schema;
  values?: Record<string, unknown>;
  shown?: { field: string; when: Condition[] }[];
  submit: string;
  action: Action;
}

export interface ModalBlock {
  type: "modal";
  text: string;
  style?: Style;
  title: string;
  blocks: Block[];
}

export interface EmptyBlock {
  type: "empty";
  title: string;
  text?: string;
  buttons?: Button[];
}

export type Block =
  | StackBlock | ColumnsBlock | TabsBlock
  | TextBlock | MarkdownBlock | BadgeBlock | KeyValueBlock | ProgressBlock | FileBlock | TimelineBlock | TreeBlock
  | TableBlock | BoardBlock | ChartBlock
  | ButtonBlock | MenuBlock | FormBlock | ModalBlock | EmptyBlock;
