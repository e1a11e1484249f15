// From a table to what a chart draws: points by series, scales, ticks.
import type { Chart, Column, Table } from "../api/reports";
import { cell } from "./cells";

export interface Series {
  title: string;
  column: Column;
  values: (number | null)[];
}

export interface Plot {
  labels: string[];
  series: Series[];
  /** A filter per label; empty where no tickets stand behind it. */
  behind: string[];
}

/** What the chart draws; undefined where its table or columns are not there. */
export function plotOf(chart: Chart, tables: Table[]): Plot | undefined {
  const table = tables.find((one) => one.name === chart.table) ?? tables[0];
  const at = (name: string) => table?.columns.findIndex((column) => column.name === name) ?? -1;
  const x = at(chart.x);
  const series = chart.series.map(at).filter((index) => index >= 0);
  if (!table || series.length === 0) return undefined;
  const label = (row: unknown[]) => {
    const column = table.columns[x];
    return column ? cell(column, row[x], true) : "";
  };
  return {
    labels: table.rows.map(label),
    behind: table.rows.map((_, index) => table.behind[index] ?? ""),
    series: series.map((index) => {
      const column = table.columns[index] as Column;
      const values = table.rows.map((row) => (typeof row[index] === "number" ? (row[index] as number) : null));
      return { title: column.title, column, values };
    }),
  };
}

/** For durations, steps that people count in; for all else, 1, 2, 5 and their tens. */
function step(rough: number, kind: string): number {
  if (kind === "duration") {
    const steps = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];
    return steps.find((one) => one >= rough) ?? Math.ceil(rough / 86_400) * 86_400;
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const found = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return kind === "integer" ? Math.max(1, found * power) : found * power;
}

/** Ticks from the lowest to the highest, zero among them. */
export function ticksOf(low: number, high: number, kind: string, wanted = 4): number[] {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const size = step((to - from || 1) / wanted, kind);
  const first = Math.floor(from / size);
  const last = Math.max(Math.ceil(to / size), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * size);
}

/** Each series on top of those before. */
export function stacked(series: Series[]): { from: number; to: number }[][] {
  const base: number[] = [];
  return series.map((one) =>
    one.values.map((value, index) => {
      const from = base[index] ?? 0;
      const to = from + (value ?? 0);
      base[index] = to;
      return { from, to };
    }),
  );
}

/** Every how many labels one is written, so that they do not run into each other. */
export function everyOf(count: number, width: number, labelWidth: number): number {
  return Math.max(1, Math.ceil((count * labelWidth) / Math.max(width, 1)));
}
