import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { reportData } from '../../../src/report/json/report-data.ts';
import { axisText } from '../../../src/report/page/svg/scales.ts';
import { pageText } from '../../../src/report/page/page-text.ts';
import type { Report } from '../../../src/report/report.ts';
import { visibleIn } from '../../../src/kernel/foreign/visible.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { COMMITTED, committedReport } from '../../support/page/records.ts';
import { troubledResult } from '../../support/screens/records.ts';

/** Labels of axes, drawings of characters, and commands hold no figures of the measurement. */
const NO_FIGURES = 'script, style, svg g[aria-hidden], code, footer, nav, .skip';

const REPORTS: Readonly<Record<string, Report>> = {
  ...Object.fromEntries(
    await Promise.all(COMMITTED.map(async (file) => [file, await committedReport(file)] as const)),
  ),
  troubled: viewOf(troubledResult(), 'results/troubled.json'),
};

describe.each(Object.entries(REPORTS))('%s', (_, report) => {
  const { document } = new JSDOM(pageText(visibleIn(report), [])).window;
  const json = JSON.stringify(reportData(report));
  for (const element of document.querySelectorAll(NO_FIGURES)) element.remove();

  test('every exact value is in the JSON', () => {
    expect(document.querySelectorAll('data').length).toBeGreaterThan(5);
    expect(unknownIn(document, JSON.parse(json))).toEqual([]);
  });

  test('every other number is in a text of the JSON', () => {
    const known = new Set(tokensIn([...textsIn(JSON.parse(json)), ...drawnTexts(report)].join('\n')));
    // Cells that stand side by side are no number together.
    for (const block of document.querySelectorAll('td, th, li, p, text, title, desc, dt, dd'))
      block.append(' ');
    const shown = tokensIn(document.body.textContent);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((token) => !known.has(token))).toEqual([]);
  });
});

/** Figures of charts as the page writes them: each is a number of the JSON, and its text a test of its own. */
function drawnTexts({ charts, pictures = [] }: Report): string[] {
  return [...charts, ...pictures].flatMap(({ x, y, series }) =>
    series.flatMap((one) => {
      switch (one.kind) {
        case 'points':
          return one.points.flatMap((point) => [
            axisText(point.x, x),
            ...[point.y, ...(point.interval ?? [])].map((value) => axisText(value, y!)),
          ]);
        case 'bars':
          return [...one.bars, ...(one.control ?? [])].flatMap((bar) => [
            axisText(bar.from, x),
            ...(bar.y === null ? [] : [axisText(bar.y, y!)]),
          ]);
        case 'marks':
          return one.marks.flatMap((mark) =>
            [mark.x, ...(mark.interval ?? [])].map((value) => axisText(value, x)),
          );
        case 'states':
          return one.stays.flatMap(({ from, counts }) => [
            axisText(from, x),
            ...Object.values(counts).map(String),
          ]);
        case 'graph':
          return [];
      }
    }),
  );
}

test('a value that is not in the JSON would be noticed', async () => {
  const report = await committedReport('results/examples/circuit-breaker.json');
  const wrong = pageText(visibleIn(report), []).replace(/<data value="[^"]*"/, '<data value="123.456"');
  const { document } = new JSDOM(wrong).window;
  expect(unknownIn(document, reportData(report))).toEqual([123.456]);
  expect(tokensIn('4.33 ms and 1,234 of them')).toEqual(['4.33', '1,234']);
});

/** Exact values of a page that the JSON has not. */
function unknownIn(document: JSDOM['window']['document'], json: unknown): number[] {
  const known = new Set(numbersIn(json));
  const values = [...document.querySelectorAll('data')].map((one) => Number(one.getAttribute('value')));
  return values.filter((value) => !known.has(value));
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function tokensIn(text: string): string[] {
  return text.match(/\d[\d.,]*\d|\d/g) ?? [];
}
