import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findProgram } from '../src/platform/process/find-program.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import { readRecord } from '../src/experiments/read-record.ts';
import { loadReporter } from '../src/report/reporters.ts';
import { lookAt, type Seen } from './page/look.ts';

const FILES = ['pattern-comparison', 'circuit-breaker', 'cascade', 'ab', 'sweep', 'crossover'] as const;
const LARGEST = 'cascade';
const SURFACE = { width: 120, height: 40, color: false, program: 'commbench', full: false, explain: false };
const EVIDENCE = 'docs/evidence/page.json';
const MOST_BYTES = 1_000_000;
/** Of the largest record. */
const MOST_MS = 1000;
const TIMES = 3;

/** `npm run prove -- page [FOLDER]`: the pages of committed results in a real Chromium. @param args where pictures go */
export async function run([folder]: string[]): Promise<number> {
  const program = process.env['CHROMIUM'] ?? findProgram('chromium');
  if (program === undefined) {
    console.error('prove page: no chromium found; `apt-get install chromium`, or set CHROMIUM to its path');
    return 6;
  }
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  const pages: Proved[] = [];
  for (const name of FILES) {
    const { html, ...made } = await pageOf(`results/examples/${name}.json`);
    const seen = await lookAt(browser, html, async (condition, page) => {
      if (folder !== undefined)
        await shoot(page, path.join(folder, `${name}-${condition.replaceAll(' ', '-')}`));
    });
    pages.push({ name, ...made, seen });
    console.log(lineOf(name, made, seen));
  }
  const { cpu, cores, os, kernel, commbench, node } = describeEnvironment();
  const evidence = {
    machine: { cpu, cores, os, kernel },
    commbench,
    node,
    chromium: browser.version(),
    pages,
  };
  await browser.close();
  await writeFile(EVIDENCE, `${JSON.stringify(evidence, null, 2)}\n`);
  const isSlow = ({ name, ms }: Proved) => name === LARGEST && ms > MOST_MS;
  const failed = pages.filter(
    (page) => isSlow(page) || page.bytes > MOST_BYTES || problemsIn(page.seen).length > 0,
  );
  console.log(`${pages.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
}

interface Made {
  readonly bytes: number;
  /** From the file to the text of the page, the fastest time. */
  readonly ms: number;
}

interface Proved extends Made {
  readonly name: string;
  readonly seen: readonly Seen[];
}

async function pageOf(file: string): Promise<Made & { readonly html: string }> {
  const write = await loadReporter('html');
  let [html, ms] = ['', Infinity];
  for (let i = 0; i < TIMES; i++) {
    const from = performance.now();
    const { record, kind } = await readRecord(file);
    const carried = [{ name: path.basename(file), text: readFileSync(file, 'utf8') }];
    html = write(kind.view(record, file), { ...SURFACE, carried });
    ms = Math.min(ms, Math.round(performance.now() - from));
  }
  return { html, bytes: Buffer.byteLength(html), ms };
}

async function shoot(page: Page, file: string): Promise<void> {
  await page.screenshot({ path: `${file}.png` });
  await page.screenshot({ path: `${file}-full.png`, fullPage: true });
}

function lineOf(name: string, { bytes, ms }: Made, seen: readonly Seen[]): string {
  const problems = problemsIn(seen);
  return [
    `${name}: ${Math.round(bytes / 1000)} kB in ${ms} ms, ${problems.length} problems`,
    ...problems,
  ].join('\n  ');
}

function problemsIn(seen: readonly Seen[]): string[] {
  return seen.flatMap(({ condition, problems }) => problems.map((problem) => `${condition}: ${problem}`));
}
