import { FIRST_SCREEN, type Chart, type PlacedChart } from '../charts/chart.ts';
import type { Report } from '../report.ts';
import { onScreen } from '../table.ts';
import type { Facts, Section } from '../view.ts';
import { createDrafting, type Drafting } from './figure.ts';
import { type Markup, markup, NOTHING } from './markup.ts';
import { tableMarkup } from './tables.ts';

/** How much a page has. */
export interface Extent {
  /** A table behind each chart. */
  readonly hasData: boolean;
  /** Tables and explanations that are folded. */
  readonly hasDetails: boolean;
  readonly hasCharts: boolean;
  readonly downloads: readonly Download[];
}

/** A file in the page, compressed. */
interface Download {
  readonly name: string;
  readonly base64: string;
}

/** The finding and its figures on the first screen, all else below. */
export function pageBody(report: Report, extent: Extent): Markup {
  const drafting = createDrafting(extent.hasData);
  const first = firstFigures(report, extent, drafting);
  const sections = sectionsOf(report, extent, drafting);
  return markup`<a class="skip" href="#figures">Skip to the figures</a>
${headOf(report)}
<main id="figures">
${first}
${sections}
</main>
<footer><p>Made by commbench. This page is one file: it loads nothing and sends nothing.</p></footer>`;
}

/** Sentences beside the headline; the others are below. */
const SHOWN_FINDINGS = 2;
const SHOWN_CHARTS = 2;

/** Tone and mark of a verdict on all trials; any other than these is bad. */
const VALIDITY: Readonly<Record<string, readonly [tone: string, mark: string]>> = {
  valid: ['good', '✓'],
  '': ['plain', ''],
};

function headOf({ findings, found, screen, meta }: Report): Markup {
  const [headline = '', ...others] = findings;
  const verdict = found.find(({ code }) => code === 'validity')?.verdict;
  const [tone, mark] = VALIDITY[verdict ?? ''] ?? ['bad', '!'];
  return markup`<header>
<div class="top"><h1>${meta.title}</h1><p class="kicker">${screen.run}</p></div>
<p class="finding">${headline}</p>
${others.length > 0 && markup`<ul class="more-findings">${others.slice(0, SHOWN_FINDINGS).map((text) => markup`<li>${text}</li>`)}</ul>`}
${screen.validity !== null && markup`<p class="validity ${tone}"><span aria-hidden="true">${mark}</span> ${screen.validity}</p>`}
</header>`;
}

function firstFigures(report: Report, extent: Extent, drafting: Drafting): Markup {
  const { screen } = report;
  const charts = extent.hasCharts ? firstCharts(report) : [];
  const tables = firstTables(report).map((table, i) => shownTable(table, `first-${i}`));
  return markup`<section class="first" aria-label="At a glance">
${tables}
${screen.notes.map((note) => markup`<p class="notes">${note}</p>`)}
${charts.length > 0 && markup`<div class="pair">${charts.map((chart) => drafting.figureOf(chart))}</div>`}
</section>
${repeatLine(report, extent)}`;
}

/** A longer table would push everything else off the screen. */
const MOST_ROWS = 10;

/** Tables of the terminal's screen, or a shorter one that answers the same. */
function firstTables(report: Report): Section[] {
  const { screen, tables } = report;
  const short = isLong(screen.tables) ? tables.find((table) => !isLong([table])) : undefined;
  return short ? [short] : screen.tables.map((table) => onScreen(table, screen.notes));
}

function isLong(tables: readonly Section[]): boolean {
  return tables.reduce((n, { rows }) => n + rows.length, 0) > MOST_ROWS;
}

/** Tables of the whole page: a long one of the terminal's screen is among them. */
function allTables(report: Report, { hasDetails }: Extent): Section[] {
  const { screen, tables } = report;
  const shown = firstTables(report);
  const long = screen.tables.filter(({ id }) => isLong(screen.tables) && !shown.some((one) => one.id === id));
  return [
    ...long.map((table) => ({ ...onScreen(table, screen.notes), title: table.title || 'Main figures' })),
    ...tables.filter(({ isDetail }) => hasDetails || !isDetail),
  ];
}

/** Charts that are made for it, else that of the terminal's screen. */
function firstCharts({ pictures = [], screen: { chart } }: Report): Chart[] {
  const own = pictures.filter(({ behind }) => behind === FIRST_SCREEN);
  return own.length > 0 ? own.slice(0, SHOWN_CHARTS) : chart ? [chart] : [];
}

function shownTable(section: Section, id: string): Markup {
  const [title, kind] = section.title === '' ? ['Main figures', 'unseen'] : [section.title, 'over'];
  return markup`<p class="${kind}" id="${id}">${title}</p>${tableMarkup(section, id)}`;
}

function repeatLine({ meta, screen }: Report, { downloads }: Extent): Markup {
  const parts = [
    ...(meta.repeat === undefined ? [] : [markup`<span>Run it again: <code>${meta.repeat}</code></span>`]),
    ...(meta.repeat === undefined && screen.more !== null
      ? [markup`<span>More: <code>${screen.more}</code></span>`]
      : []),
    ...downloads.map(
      ({ name, base64 }) =>
        markup`<span><a data-packed download="${name}.gz" href="data:application/gzip;base64,${{ html: base64 }}">Download the record</a> (${name})</span>`,
    ),
    ...(downloads.length === 0 && meta.file !== null
      ? [markup`<span>Record, too large for this page: <code>${meta.file}</code></span>`]
      : []),
  ];
  return markup`${screen.scope !== null && markup`<p class="scope">${screen.scope}</p>`}${parts.length > 0 && markup`<p class="repeat">${parts}</p>`}`;
}

function sectionsOf(report: Report, extent: Extent, drafting: Drafting): Markup {
  const { findings, caveats, meta } = report;
  const blocks: Block[] = [
    ...(findings.length > SHOWN_FINDINGS + 1 ? [block('findings', 'Findings', list(findings))] : []),
    ...(caveats.warnings.length > 0 ? [block('warnings', 'Warnings', warnings(report))] : []),
    ...allTables(report, extent).map((table, i) =>
      tableBlock(table, `table-${i + 1}`, { report, extent, drafting }),
    ),
    ...looseCharts(report, extent, drafting),
    ...(caveats.footnotes.length > 0
      ? [block('notes', 'Notes', list(caveats.footnotes.map(({ mark, text }) => `${mark} ${text}`)))]
      : []),
    block(
      'about',
      'What was run',
      list([...meta.about, ...(meta.file === null ? [] : [`Result file: ${meta.file}`])]),
    ),
    ...(meta.howToRead.length > 0 ? [block('how', 'How to read this', list(meta.howToRead))] : []),
    ...folded('setup', 'Test setup: common settings and differences', meta.fairness.map(facts)),
    ...folded('rules', 'Thresholds', meta.rules.length > 0 ? [list(meta.rules)] : []),
  ];
  const links = blocks.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  return markup`<nav aria-label="Contents"><ul>${links}</ul></nav>${blocks.map(({ body }) => body)}`;
}

/** A part of the page with a heading. */
interface Block {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

function block(id: string, title: string, inner: Markup): Block {
  const { name, more } = partsOf(title);
  const about = more !== '' && markup`<p class="about">${more}</p>`;
  return {
    id,
    title: name,
    body: markup`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>${about}${inner}</section>`,
  };
}

/** A long title is a short one and what it is of: `Service killed for 2 s: one trial per pattern, ...`. */
function partsOf(title: string): { readonly name: string; readonly more: string } {
  const [, name = title, more = ''] =
    /^([^(:]+) \((.*)\)$/s.exec(title) ?? /^([^(:]+): (.+)$/s.exec(title) ?? [];
  return { name, more };
}

function folded(id: string, title: string, inner: readonly Markup[]): Block[] {
  if (inner.length === 0) return [];
  return [
    {
      id,
      title,
      body: markup`<details class="block" id="${id}"><summary>${title}</summary>${inner}</details>`,
    },
  ];
}

interface Making {
  readonly report: Report;
  readonly extent: Extent;
  readonly drafting: Drafting;
}

function tableBlock(table: Section, id: string, { report, extent, drafting }: Making): Block {
  const own = extent.hasCharts ? chartsBehind(report, table) : [];
  const charts =
    own.length > 0 && markup`<div class="pair">${own.map((chart) => drafting.figureOf(chart))}</div>`;
  const drawn = tableMarkup(table, id);
  const shown = table.isDetail ? markup`<details><summary>Table</summary>${drawn}</details>` : drawn;
  const inner = table.isDetail ? markup`${charts}${shown}` : markup`${shown}${charts}`;
  return block(
    id,
    table.title,
    markup`${inner}${table.isExplained && extent.hasDetails && explanations(report)}`,
  );
}

function chartsBehind({ charts, pictures = [], screen }: Report, { id }: Section): PlacedChart[] {
  return [...pictures, ...charts].filter(({ behind, id: own }) => behind === id && own !== screen.chart?.id);
}

/** Charts of the first screen for which there was no room, and those behind tables that are not there. */
function looseCharts(report: Report, { hasCharts }: Extent, drafting: Drafting): Block[] {
  const { charts, pictures = [], tables } = report;
  const first = new Set(firstCharts(report).map(({ id }) => id));
  const loose = [...pictures, ...charts].filter(
    ({ behind, id }) => !first.has(id) && !tables.some((table) => table.id === behind),
  );
  if (loose.length === 0 || !hasCharts) return [];
  return [
    block(
      'charts',
      'Charts',
      markup`<div class="pair">${loose.map((chart) => drafting.figureOf(chart))}</div>`,
    ),
  ];
}

function explanations({ meta }: Report): Markup {
  const parts = meta.explanations.map(
    ({ title, rule, rows }) =>
      markup`<h3>${title}</h3><p class="about">${rule}</p>${rows.map((row) => markup`<p><strong>${row.title}: ${row.verdict}</strong></p>${list(row.figures)}`)}`,
  );
  return parts.length === 0
    ? NOTHING
    : markup`<details><summary>Rule and figures behind each verdict</summary>${parts}</details>`;
}

function warnings({ caveats }: Report): Markup {
  const items = caveats.warnings.map(
    ({ text, hint }) =>
      markup`<li><p>${text}</p><p class="hint"><span aria-hidden="true">→ </span>${hint}</p></li>`,
  );
  return markup`<ul class="warnings">${items}</ul>`;
}

function list(lines: readonly string[]): Markup {
  return markup`<ul class="plain">${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

function facts({ title, facts: all }: Facts): Markup {
  return markup`<h3>${title}</h3><dl>${all.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
