import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Report } from '../report.ts';
import type { CarriedFile } from '../reporter.ts';
import { pageBody, type Extent } from './body.ts';
import { type Markup, markup } from './markup.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** No page is larger. */
export const MOST_PAGE_BYTES = 1_000_000;

/** What a page has besides the report's tables; less of it where the page would be too large. */
const EXTENTS: readonly Omit<Extent, 'downloads'>[] = [
  { hasData: true, hasDetails: true, hasCharts: true },
  { hasData: false, hasDetails: true, hasCharts: true },
  { hasData: false, hasDetails: false, hasCharts: true },
  { hasData: false, hasDetails: false, hasCharts: false },
];

/**
 * A report as one HTML file that needs nothing else: no request leaves it. @param carried files to download from it
 */
export function pageText(report: Report, carried: readonly CarriedFile[]): string {
  const packed = carried.map(({ name, text }) => ({
    name,
    base64: gzipSync(text, { level: 9 }).toString('base64'),
  }));
  const [all, ...smaller] = EXTENTS;
  const tries = [
    { ...all!, downloads: packed },
    ...[all!, ...smaller].map((one) => ({ ...one, downloads: [] })),
  ];
  let text = '';
  for (const extent of tries) {
    text = documentOf(report, extent).html;
    if (Buffer.byteLength(text) <= MOST_PAGE_BYTES) break;
  }
  return text;
}

/** Nothing is loaded, and no script but ours runs. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(PAGE_SCRIPT).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function documentOf(report: Report, extent: Extent): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="commbench">
<title>${report.meta.title}</title>
<link rel="icon" href="data:,">
<style>${{ html: PAGE_STYLE }}</style>
</head>
<body>
${pageBody(report, extent)}
<script>${{ html: PAGE_SCRIPT }}</script>
</body>
</html>
`;
}
