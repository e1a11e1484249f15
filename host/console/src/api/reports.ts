// Reports of plugins: which there are, and one made now.
import { download, call, items } from "./client";
import type { Localized } from "./types";

export interface ReportShown {
  install: string;
  plugin: string;
  name: string;
  title: Localized;
  summary: Localized;
  /** A JSON Schema of its own parameters. */
  parameters: unknown;
}

export interface Column {
  name: string;
  title: string;
  /** `text`, `integer`, `number`, `percent`, `duration` (seconds), `instant`, `agent`, `group`, `customer`; others are shown as they come. */
  kind: string;
}

export interface Table {
  name: string;
  title: string;
  columns: Column[];
  rows: unknown[][];
  /** A filter per row that lists the tickets behind it, or none at all. */
  behind: string[];
}

export interface Chart {
  title: string;
  /** `bar`, `line`, `area`, `pie`, `number`; others are shown as a table. */
  kind: string;
  table: string;
  x: string;
  series: string[];
  options: { stacked?: boolean; unit?: string } | null;
}

export interface Report extends Pick<ReportShown, "install" | "plugin" | "name" | "title"> {
  version: string;
  from: string;
  /** The first instant that does not count. */
  to: string;
  zone: string;
  made_at: string;
  filter: string;
  tables: Table[];
  charts: Chart[];
}

export interface ReportWish {
  range?: string;
  from?: string;
  to?: string;
  /** In which days begin and end; by default the tenant's. */
  zone?: string;
  locale: string;
  filter?: string;
  parameters: Record<string, unknown>;
}

/** Ranges by their names. */
export const RANGES = [
  "today", "yesterday", "last-7-days", "last-30-days", "last-90-days", "this-week", "last-week", "this-month", "last-month", "this-year", "last-year",
] as const;

export const listReports = (): Promise<ReportShown[]> => items("reports");

export async function makeReport(install: string, name: string, wish: ReportWish, signal: AbortSignal): Promise<Report> {
  return (await call<Report>("POST", `reports/${install}/${name}`, { body: wish, signal })).body;
}

export function saveTable(install: string, name: string, wish: ReportWish, table: string): Promise<void> {
  const query = new URLSearchParams({ format: "csv", table });
  return download(`reports/${install}/${name}?${query}`, wish, `${name}-${table}.csv`);
}
