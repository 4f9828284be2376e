import { confoundersBetween } from '../../analysis/compare/differences.ts';
import type { Result } from '../../record/record.ts';
import { FIRST_SCREEN, type PlacedChart } from '../charts/chart.ts';
import { differText } from '../comparison/comparison-finding.ts';
import { plural } from '../format.ts';
import type { Report } from '../report.ts';
import { BARE } from '../screen/screen.ts';
import { tableOf, textColumn } from '../table.ts';
import { type Cell, type Section, textCell } from '../view.ts';

/** One of several reports. */
interface OneOfSeveral {
  readonly file: string;
  readonly report: Report;
  /** Null: not of a run. */
  readonly result: Result | null;
}

type Several = readonly [OneOfSeveral, ...OneOfSeveral[]];

interface Line extends OneOfSeveral {
  readonly name: string;
  /** Why it is not drawn over the first; null: it is. */
  readonly why: string | null;
}

/** Several reports as one: what each found, and their curves over one another where that is fair. */
export function severalView(all: Several): Report {
  const names = namesOf(all);
  const lines = all.map((one, i): Line => ({ ...one, name: names[i]!, why: whyApart(all[0], one) }));
  const table = resultsTable(lines);
  return {
    findings: lines.map(({ name, report }) => `${name}: ${report.findings[0] ?? 'nothing was found.'}`),
    found: [],
    tables: [table, ...lines.flatMap(tablesOf)],
    charts: [],
    pictures: [
      ...overlaid(lines.filter(({ why }) => why === null)),
      ...lines.filter(({ why }) => why !== null).flatMap(apartPictures),
    ],
    caveats: { warnings: lines.flatMap(apartWarning), footnotes: [] },
    screen: {
      ...BARE,
      run: `${plural(all.length, 'result')}: ${names.join(', ')}`,
      tables: [table],
      more: null,
    },
    meta: metaOf(lines),
  };
}

function apartWarning({ name, why }: Line): Report['caveats']['warnings'] {
  const hint = 'Compare results of one plan on one machine.';
  return why === null ? [] : [{ code: 'not-overlaid', text: `${name} is drawn apart: ${why}.`, hint }];
}

function metaOf(lines: readonly Line[]): Report['meta'] {
  const each = (of: (meta: Report['meta']) => readonly string[]) => [
    ...new Set(lines.flatMap(({ report }) => of(report.meta))),
  ];
  return {
    title: each(({ title }) => [title]).join('; '),
    about: lines.flatMap(({ name, report }) => report.meta.about.map((line) => `${name}: ${line}`)),
    file: null,
    explanations: [],
    howToRead: each(({ howToRead }) => howToRead),
    fairness: lines.flatMap(({ name, report }) =>
      report.meta.fairness.map(({ title, facts }) => ({ title: `${name}: ${title}`, facts })),
    ),
    rules: each(({ rules }) => rules),
  };
}

/** `a`, `b` of `x/a.json`, `x/b.json`; whole paths where these are the same. */
function namesOf(all: Several): string[] {
  const short = all.map(({ file }) => file.replace(/^.*[/\\]/, '').replace(/\.json$/, ''));
  return new Set(short).size === short.length ? short : all.map(({ file }) => file);
}

/** Why two results are not of one measure; null: they are. */
function whyApart(first: OneOfSeveral, other: OneOfSeveral): string | null {
  if (first === other) return null;
  if (!first.result || !other.result) return 'it is of another experiment';
  const [a, b] = [first, other].map(({ file, result }) => [{ file, result: result! }]);
  return differText(confoundersBetween(a!, b!)) || null;
}

function resultsTable(lines: readonly Line[]): Section {
  return tableOf<Line>(
    {
      id: 'results',
      title: 'Results',
      head: 'Result',
      isCompared: true,
      nameOf: ({ file, name }) => ({ pattern: file, title: name }),
      columns: [
        textColumn('title', 'Scenario', ({ report }) => textCell(report.meta.title), { priority: 1 }),
        textColumn('finding', 'Finding', ({ report }) => textCell(report.findings[0] ?? '–'), {
          priority: 1,
        }),
        textColumn('validity', 'Validity', ({ report }) => textCell(report.screen.validity ?? '–'), {
          priority: 2,
        }),
        textColumn('overlaid', 'Drawn over the first', overlaidCell, { priority: 2 }),
      ],
    },
    lines,
  );
}

function overlaidCell({ why }: Line): Cell {
  return why === null ? textCell('yes') : textCell(`no: ${why}`, { tone: 'weak' });
}

function tablesOf({ name, report: { tables, screen } }: Line): Section[] {
  const shown = tables.length > 0 ? tables : screen.tables;
  return shown.map((table) => ({
    ...table,
    id: `${name}-${table.id}`,
    title: `${name}: ${table.title || 'Main figures'}`,
  }));
}

/** Charts that answer first. */
const FIRST = ['overview', 'percentiles-completion', 'goodput'];

/** Curves of the same kind on one chart, each under the name of its result. */
function overlaid(lines: readonly Line[]): PlacedChart[] {
  const named = lines.flatMap((line) =>
    picturesOf(line.report).map((picture) => underName(picture, line.name)),
  );
  const alike = Object.groupBy(named, ({ id, x, y }) => JSON.stringify([id, x.unit, x.scale, y?.unit]));
  return Object.values(alike).flatMap((some = []) => {
    const [first] = some;
    if (!first || isGraph(first)) return [];
    return [
      {
        ...first,
        x: around(some.map(({ x }) => x)),
        y: first.y && around(some.flatMap(({ y }) => y ?? [])),
        series: interleaved(some.map(({ series }) => series)),
        events: some.flatMap(({ events = [] }) => events),
        behind: FIRST.includes(first.id) ? FIRST_SCREEN : 'results',
      },
    ];
  });
}

function underName(picture: PlacedChart, name: string): PlacedChart {
  return {
    ...picture,
    series: picture.series.map((series) => ({ ...series, title: `${series.title}: ${name}` })),
    events: (picture.events ?? []).map((event) =>
      event.of === undefined ? event : { ...event, of: `${event.of}: ${name}` },
    ),
  };
}

/** One of another measure keeps its charts, each under its name. */
function apartPictures({ name, report }: Line): PlacedChart[] {
  return picturesOf(report)
    .filter((picture) => !isGraph(picture))
    .map((picture) => ({
      ...picture,
      id: `${name}-${picture.id}`,
      title: `${name}: ${picture.title}`,
      behind: 'results',
    }));
}

/** Two topologies are not drawn over one another. */
function isGraph({ series: [first] }: PlacedChart): boolean {
  return first?.kind === 'graph';
}

function picturesOf({ pictures = [], charts }: Report): readonly PlacedChart[] {
  return [...pictures, ...charts];
}

function around<Axis extends { readonly from: number; readonly to: number }>(axes: readonly Axis[]): Axis {
  return {
    ...axes[0]!,
    from: Math.min(...axes.map(({ from }) => from)),
    to: Math.max(...axes.map(({ to }) => to)),
  };
}

/** The first of each, the second of each, ...: what is compared stands together. */
function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
