import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import axe from 'axe-core';
import { type DomDocument, JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { loadReporter } from '../../../src/report/reporters.ts';
import { MOST_PAGE_BYTES } from '../../../src/report/page/page-text.ts';
import type { Report } from '../../../src/report/report.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { completeResult } from '../../support/result.ts';
import { COMMITTED, committedPath, committedReport } from '../../support/page/records.ts';

const SURFACE = { width: 120, height: 40, color: false, program: 'commbench', full: false, explain: false };
const html = await loadReporter('html');

const page = (report: Report, carried: readonly { name: string; text: string }[] = []) =>
  html(report, { ...SURFACE, carried });

const named = (title: string) => {
  const result = completeResult();
  return viewOf(
    { ...result, patterns: result.patterns.map((pattern) => ({ ...pattern, title, client: title })) },
    `results/${title.slice(0, 40)}.json`,
  );
};

test.each(COMMITTED)('%s: one file below 1 MB that asks for nothing, its record in it', async (file) => {
  const record = readFileSync(committedPath(file), 'utf8');
  const text = page(await committedReport(file), [{ name: 'record.json', text: record }]);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_PAGE_BYTES);
  const { document } = new JSDOM(text).window;
  const places = [
    ...document.querySelectorAll('[href], [src], [action], [data], [poster], [srcset]'),
  ].flatMap((one) =>
    ['href', 'src', 'action', 'data', 'poster', 'srcset'].flatMap((name) => one.getAttribute(name) ?? []),
  );
  expect(places.filter((place) => !/^(#|data:)/.test(place))).toEqual([]);
  expect(text).not.toMatch(/@import|url\((?!#)/);
  expect(document.querySelector('a[download]'), 'the record no longer fits').not.toBeNull();
  const packed = document.querySelector('a[download]')!.getAttribute('href')!.split(',')[1]!;
  expect(gunzipSync(Buffer.from(packed, 'base64')).toString() === record).toBe(true);
});

test('its policy lets its own script run and nothing else', () => {
  const { document } = new JSDOM(page(viewOf(completeResult(), null))).window;
  const policy = document.querySelector('meta[http-equiv]')!.getAttribute('content')!;
  const [script, ...more] = [...document.querySelectorAll('script')].map((one) => one.textContent);
  expect(more).toEqual([]);
  const hash = createHash('sha256').update(script!).digest('base64');
  expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; /);
  expect(policy.split('; ').find((part) => part.startsWith('script-src'))).toBe(
    `script-src 'sha256-${hash}'`,
  );
  expect(document.querySelectorAll('[onclick], [onload], [onerror]')).toHaveLength(0);
});

test('a page that would be too large leaves out the record, and names its file', async () => {
  const report = await committedReport('results/examples/cascade.json');
  // Random enough that it cannot be packed.
  const text = Array.from({ length: 60_000 }, (_, i) =>
    createHash('sha256').update(`${i}`).digest('base64'),
  ).join('');
  const small = page(report, [{ name: 'large.json', text }]);
  expect(Buffer.byteLength(small)).toBeLessThanOrEqual(MOST_PAGE_BYTES);
  const { document } = new JSDOM(small).window;
  expect(document.querySelector('a[download]')).toBeNull();
  expect(document.querySelector('.repeat')!.textContent).toContain('results/examples/cascade.json');
});

const HOSTILE = {
  script: '</title></script><script>alert(1)</script>',
  attribute: `" onmouseover="alert(1)" x='`,
  element: '<img src=x onerror=alert(1)>&lt;b&gt;',
  rtl: 'abc\u202Edcba\u2066x\u2069 \u200F',
  long: 'x'.repeat(10_000),
} as const;

describe.each(Object.entries(HOSTILE))('a name with %s', (kind, title) => {
  const text = page(named(title));
  const { document } = new JSDOM(text).window;

  test('is shown as text, and changes no element', () => {
    const plain = new JSDOM(page(named('plain'))).window.document;
    const tags = (of: DomDocument) => [...of.querySelectorAll('*')].map(({ tagName }) => tagName).join(' ');
    const attributes = (of: DomDocument) =>
      new Set([...of.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()));
    if (kind !== 'long') expect(tags(document)).toBe(tags(plain));
    expect(attributes(document)).toEqual(attributes(plain));
    expect(document.querySelectorAll('script')).toHaveLength(1);
    const shown = kind === 'rtl' ? 'abc<U+202E>dcba<U+2066>x<U+2069> <U+200F>' : title;
    const [cell] = [...document.querySelectorAll('tbody th')];
    expect(cell!.textContent).toBe(kind === 'long' ? `${'x'.repeat(599)}…` : shown);
  });

  test('hides nothing and makes no page too large', () => {
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200F]/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_PAGE_BYTES);
  });
});

/** What needs layout or a frame is looked at in a browser (`npm run prove -- page`). */
const WITHOUT_LAYOUT = ['color-contrast', 'scrollable-region-focusable', 'target-size'];

/** Inside the page's own window. */
interface Axe {
  run(document: DomDocument, options: object): Promise<Record<'violations' | 'passes', Found[]>>;
}

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

test.each(['results/examples/circuit-breaker.json', 'results/examples/crossover.json'])(
  '%s: axe finds no barrier',
  async (file) => {
    const { window } = new JSDOM(page(await committedReport(file)), { runScripts: 'outside-only' });
    window.eval(axe.source);
    const { axe: inside } = window as unknown as { axe: Axe };
    const rules = Object.fromEntries(WITHOUT_LAYOUT.map((id) => [id, { enabled: false }]));
    const { violations, passes } = await inside.run(window.document, { rules });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]!.html])).toEqual([]);
    expect(passes.length).toBeGreaterThan(15);
  },
);
