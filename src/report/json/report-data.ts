import type { Chart, ChartSeries } from '../charts/chart.ts';
import type { Report } from '../report.ts';
import type { Cell, Section, Unit } from '../view.ts';
import { REPORT_VERSION, type ReportData } from './report-schema.ts';

type TableData = ReportData['tables'][number];
type CellData = TableData['rows'][number]['cells'][string];

/** A report without words that only a page needs. */
export function reportData(report: Report): ReportData {
  const { findings, found, screen, tables, charts, pictures = [], caveats, meta } = report;
  return {
    format: 'commbench-report',
    version: REPORT_VERSION,
    title: meta.title,
    file: meta.file,
    about: [...meta.about],
    summary: [...findings],
    findings: structuredClone(found) as ReportData['findings'],
    warnings: caveats.warnings.map(({ code, text, hint }) => ({ code, text, hint })),
    notes: caveats.footnotes.map(({ text }) => text),
    run: screen.run,
    validity: screen.validity,
    scope: screen.scope,
    setup: meta.fairness.map(({ title, facts }) => {
      return { title, facts: facts.map(([name, value]) => ({ name, value })) };
    }),
    howToRead: [...meta.howToRead],
    rules: [...meta.rules],
    checks: (meta.checks ?? []).map((check) => ({ ...check })),
    explanations: meta.explanations.map(({ title, rule, rows }) => {
      return { title, rule, rows: rows.map((row) => ({ ...row, figures: [...row.figures] })) };
    }),
    // A screen may show a table of the report, or one that is made in the same way.
    tables: [...new Map([...screen.tables, ...tables].map(tableData).map(asEntry)).values()],
    charts: [...(screen.chart ? [screen.chart] : []), ...charts, ...pictures].map(chartData),
  };
}

function asEntry(table: TableData): [string, TableData] {
  return [JSON.stringify(table), table];
}

function tableData({ id, title, columns, rows }: Section): TableData {
  return {
    id,
    title,
    columns: columns.map(({ id: own, title: name }) => ({ id: own, title: name })),
    rows: rows.flatMap((row) => {
      if (row.pattern === null) return [];
      const cells = columns.map(({ id: own }, i) => [own, cellData(row.cells[i]!)] as const);
      const part = row.part === null ? {} : { part: row.part };
      return [{ id: row.pattern, title: row.title, ...part, cells: Object.fromEntries(cells) }];
    }),
  };
}

function cellData({ text, value, unit, interval, below }: Cell): CellData {
  return {
    text,
    value,
    unit: isFigure(unit) ? unit : null,
    ...(interval ? { interval: { ...interval } } : {}),
    ...(below === null ? {} : { note: below }),
  };
}

function isFigure(unit: Unit): unit is Exclude<Unit, 'text' | 'graph'> {
  return unit !== 'text' && unit !== 'graph';
}

function chartData({ id, title, about, x, y, series, spans, events }: Chart): ReportData['charts'][number] {
  return {
    id,
    title,
    ...(about === undefined ? {} : { about }),
    x: { ...x },
    y: y && { ...y },
    series: series.map(seriesData),
    spans: spans.map((span) => ({ ...span })),
    ...(events === undefined ? {} : { events: events.map((event) => ({ ...event })) }),
  };
}

/** JSON has no infinity: what has no end is null. */
function seriesData(series: ChartSeries): ReportData['charts'][number]['series'][number] {
  if (series.kind !== 'states')
    return structuredClone(series) as ReportData['charts'][number]['series'][number];
  const stays = series.stays.map((stay) => ({
    ...stay,
    to: Number.isFinite(stay.to) ? stay.to : null,
    counts: { ...stay.counts },
  }));
  return { ...series, stays };
}
