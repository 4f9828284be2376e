import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { endNs, spanOf } from '../src/analysis/faults/stages.ts';
import { recovery } from '../src/measure/hops/health.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import type { ExperimentRecord, Trial } from '../src/record/record.ts';
import { plainEnv } from './plain-env.ts';
import { runCli } from './run-cli.ts';

/**
 * `npm run prove -- live`: a session driven by a browser. The page of `live` kills a service; the breaker of the edge to it
 * opens within its own rule and closes after the service was healed; the recorded scenario does the same again. It needs
 * a Chromium on the PATH (Debian: `apt-get install chromium`).
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/live.json');
const IMAGES = path.join(ROOT, 'docs/images');
const CLI = path.join(ROOT, 'src/cli.ts');
/** Bound on each step of the page. */
const STEP_MS = 30_000;
const SEED = '1';
const SESSION = ['circuit-breaker', '--variant', 'breaker', '--max', '2m', '--seed', SEED];
/** The breaker's rule in that variant: half of 20 calls; some are on their way, none takes longer than its time-out. */
const RULE = { edge: 'pay', policy: 'circuit-breaker', calls: 20, perS: 100, timeoutMs: 250 };
const WITHIN_MS = (1000 * RULE.calls) / RULE.perS + RULE.timeoutMs;

export async function run(): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cbprove-live-'));
  try {
    const out = path.join(folder, 'live.json');
    const steps = await drive(out);
    const played = faultTrial(out);
    const again = path.join(folder, 'again.json');
    const scenario = path.join(folder, 'live.scenario.yaml');
    const { code } = await runCli(ROOT, ['run', scenario, '--seed', SEED, '--out', again, '--quiet']);
    const both = [played, code === 0 ? faultTrial(again) : undefined].map(
      (trial) => trial && outcomeOf(trial),
    );
    return conclude(steps, both);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the page showed, in ms of the page's own clock. */
interface Steps {
  readonly openedAfterMs: number;
  readonly closedAfterMs: number;
  readonly exitCode: number | null;
}

async function drive(out: string): Promise<Steps> {
  const child = spawn(process.execPath, [CLI, 'live', ...SESSION, '--out', out, '--open'], {
    cwd: ROOT,
    env: plainEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  try {
    const url = await addressIn(child);
    await using browser = disposable(
      await chromium.launch({ executablePath: program('chromium'), args: ['--no-sandbox'] }),
    );
    const page = await browser.value.newPage({
      viewport: { width: 1200, height: 690 },
      deviceScaleFactor: 1,
    });
    const refused: string[] = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await page.goto(url);
    const steps = await breakAndHeal(page);
    if (refused.length > 0) throw new Error(`The page's console: ${refused.join('; ')}`);
    const [exitCode] = await ended;
    return { ...steps, exitCode };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function breakAndHeal(page: Page): Promise<Omit<Steps, 'exitCode'>> {
  page.setDefaultTimeout(STEP_MS);
  const breaker = (state: string) => page.waitForSelector(`#map .breaker.${state}`);
  const after = async (state: string, line: () => Promise<unknown>) => {
    await line();
    const begun = performance.now();
    await breaker(state);
    return Math.round(performance.now() - begun);
  };
  await breaker('closed');
  await page.waitForTimeout(8000);
  await page.click('#map .node[aria-label^="payments"]');
  const openedAfterMs = await after('opened', () => page.click('#breaks button:has-text("Kill")'));
  await page.waitForTimeout(2500);
  await breaker('opened');
  mkdirSync(IMAGES, { recursive: true });
  await page.screenshot({ path: path.join(IMAGES, 'live.png') });
  const closedAfterMs = await after('closed', () => page.keyboard.press('h'));
  await page.waitForTimeout(7000);
  await page.keyboard.press('q');
  return { openedAfterMs, closedAfterMs };
}

async function addressIn(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stderr!.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//.exec(text) ?? [];
    if (url !== undefined) {
      child.stderr!.on('data', (more: string) => void process.stderr.write(more));
      return url;
    }
  }
  throw new Error(`live ended without a page: ${text}`);
}

/** @throws Error where it is not on the PATH */
function program(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  throw new Error(`${name} is not on the PATH: apt-get install ${name}`);
}

function disposable(value: Browser): AsyncDisposable & { readonly value: Browser } {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

function faultTrial(file: string): Trial {
  const { trials } = JSON.parse(readFileSync(file, 'utf8')) as ExperimentRecord;
  return trials.find(({ kind }) => kind === 'fault')!;
}

/** What must be the same when it is done again. */
function outcomeOf(trial: Trial) {
  const { faults, hops, validity, planned } = trial;
  const changes = hops!.transitions.filter(({ edge }) => edge === RULE.edge);
  const span = spanOf(faults);
  const opened = changes.find(({ to, atNs }) => to === 'opened' && atNs >= span.fromNs);
  return {
    planned,
    faults: faults.map(
      ({ do: name, on, plannedAtNs, plannedForNs }) => `${name} ${on} ${plannedAtNs} ${plannedForNs}`,
    ),
    openedAfterMs: opened ? Math.round((opened.atNs - span.fromNs) / 1e6) : null,
    opensByRule: opened !== undefined && opened.atNs - span.fromNs <= WITHIN_MS * 1e6,
    closesAgain: changes.at(-1)?.to === 'closed',
    ends: hops!.endpoints.map(
      ({ operation, windows }) => `${operation} ${recovery(windows, span, endNs(trial)).state}`,
    ),
    isWhole: validity.causes.every(({ cause }) => cause !== 'incomplete'),
    validity: validity.verdict,
  };
}

type Outcome = ReturnType<typeof outcomeOf>;

function conclude(page: Steps, [played, again]: readonly (Outcome | undefined)[]): number {
  const same = (one: Outcome | undefined) => JSON.stringify({ ...one, openedAfterMs: null, validity: null });
  const checks = {
    'the session ended by itself with its result': page.exitCode === 0,
    'the breaker opened within its own rule': played?.opensByRule === true,
    'it closed after the service was healed': played?.closesAgain === true,
    'the recorded scenario gave the same outcome': same(played) === same(again),
  };
  const { cpu, cores, os: system, kernel, commbench } = describeEnvironment();
  const evidence = {
    commbench,
    machine: { cpu, cores, system, kernel },
    withinMs: WITHIN_MS,
    page,
    played,
    again,
    checks,
  };
  writeFileSync(EVIDENCE, `${JSON.stringify(evidence, null, 1)}\n`);
  for (const [what, isSo] of Object.entries(checks)) console.log(`${isSo ? 'ok  ' : 'FAIL'} ${what}`);
  const failed = Object.values(checks).filter((isSo) => !isSo).length;
  console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
