import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../src/experiments/read-record.ts';
import { cacheFolder } from '../src/platform/packages/cache-folder.ts';
import { fetchOnce } from '../src/platform/packages/fetch-once.ts';
import type { SystemDebs } from '../src/platform/packages/recipe.ts';
import { freePorts } from '../src/platform/net/ports.ts';
import { metricsOf } from '../src/report/metrics/families.ts';
import type { Report } from '../src/report/report.ts';
import { loadReporter } from '../src/report/reporters.ts';
import { openTestbed } from '../src/trial/environment/testbed.ts';
import { silentProgress } from '../src/trial/progress.ts';
import { dashboardExpressions } from '../test/shape/generated/dashboard-expressions.ts';

/**
 * `npm run prove -- prometheus [RESULT ...]`: a real Prometheus, fetched as brokers are, takes both text formats of these
 * results (promtool), is filled with them, and answers every expression of the dashboard.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const USUAL = ['pattern-comparison', 'circuit-breaker'].map((name) =>
  path.join(ROOT, `results/examples/${name}.json`),
);
const READY_MS = 30_000;
const SURFACE = { width: 120, height: 40, color: false, program: 'commbench', full: true, explain: false };

const recipe: SystemDebs = {
  kind: 'deb',
  name: 'prometheus',
  title: 'Prometheus',
  format: 1,
  wanted: 'prometheus',
  suite: 'system',
  keep: /^prometheus$/,
  together: /^prometheus$/,
  base: /^prometheus$/,
  bytes: 33_000_000,
  seconds: 15,
  diskBytes: 200_000_000,
  hint: 'Install it: sudo apt-get install prometheus',
  finish: (folder) => Promise.resolve(versionOf(folder)),
};

function programIn(folder: string, name: string): string {
  return path.join(folder, 'root/usr/bin', name);
}

function versionOf(folder: string): string {
  const { stdout, stderr } = spawnSync(programIn(folder, 'prometheus'), ['--version'], { encoding: 'utf8' });
  const found = /version (\S+)/.exec(stdout + stderr);
  if (!found) throw new Error(`Expected a version of Prometheus, found ${stdout}${stderr}`);
  return found[1]!.replace(/\+.*$/, '');
}

interface Verdict {
  readonly what: string;
  readonly problem: string | null;
}

export async function run(args: string[]): Promise<number> {
  const files = args.length > 0 ? args.map((file) => path.resolve(file)) : USUAL;
  const signal = new AbortController().signal;
  await using testbed = await openTestbed({ progress: silentProgress, signal });
  const { spawner, folder } = testbed;
  const progress = (line: string) => console.log(line);
  const context = { url: undefined, cacheFolder: cacheFolder(), signal, spawner, folder, progress };
  const installed = await fetchOnce(recipe, context);
  console.log(`Prometheus ${versionOf(installed)}`);
  const promtool = programIn(installed, 'promtool');
  const verdicts: Verdict[] = [];
  const data = path.join(folder, 'tsdb');
  const endsS: number[] = [];
  for (const file of files) {
    const { record, kind } = await readRecord(file);
    const report = kind.view(record, file);
    endsS.push(metricsOf(report, 'openmetrics').endMs / 1000);
    verdicts.push(...(await written(report, path.basename(file, '.json'), { promtool, folder, data })));
  }
  verdicts.push(...(await answered(installed, { folder, data }, endsS)));
  for (const { what, problem } of verdicts)
    console.log(`${problem === null ? 'ok' : 'FAILED'}  ${what}${problem === null ? '' : `: ${problem}`}`);
  const failed = verdicts.filter(({ problem }) => problem !== null).length;
  console.log(`${verdicts.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

interface Place {
  readonly promtool: string;
  readonly folder: string;
  readonly data: string;
}

/** Both formats of one result: checked, and filled in. */
async function written(report: Report, name: string, { promtool, folder, data }: Place): Promise<Verdict[]> {
  const text = async (format: string) => (await loadReporter(format))(report, SURFACE);
  const checked = spawnSync(promtool, ['check', 'metrics'], {
    input: await text('prometheus'),
    encoding: 'utf8',
  });
  const open = path.join(folder, `${name}.txt`);
  writeFileSync(open, await text('openmetrics'));
  const filled = spawnSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', open, data], {
    encoding: 'utf8',
  });
  const problemOf = ({ status, stdout, stderr }: typeof filled) =>
    status === 0 ? null : `${stderr}${stdout}`.trim().split('\n').slice(0, 3).join(' | ');
  return [
    { what: `${name}: promtool check metrics`, problem: problemOf(checked) },
    { what: `${name}: promtool tsdb create-blocks-from openmetrics`, problem: problemOf(filled) },
  ];
}

/** Every expression of the dashboard, at the end of each run: all answer something for each of these. */
async function answered(
  installed: string,
  { folder, data }: Omit<Place, 'promtool'>,
  endsS: readonly number[],
): Promise<Verdict[]> {
  const [port] = (await freePorts(1)) as [number];
  const config = path.join(folder, 'prometheus.yml');
  writeFileSync(config, 'scrape_configs: []\n');
  const settings = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=10y',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = spawn(programIn(installed, 'prometheus'), settings, { stdio: 'ignore' });
  try {
    const at = `http://127.0.0.1:${port}`;
    await untilReady(at);
    const asked = endsS.flatMap((timeS) => dashboardExpressions().map((one) => ({ ...one, timeS })));
    return await Promise.all(
      asked.map(async ({ title, expression, timeS }) => ({
        what: `dashboard at ${new Date(timeS * 1000).toISOString()}: ${title}: ${expression}`,
        problem: await problemWith(at, expression, timeS),
      })),
    );
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

async function untilReady(at: string): Promise<void> {
  const bound = AbortSignal.timeout(READY_MS);
  for (;;) {
    const isReady = await fetch(`${at}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100, undefined, { signal: bound });
  }
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function query(at: string, expression: string, timeS: number): Promise<Answer> {
  const asked = new URLSearchParams({ query: expression, time: String(timeS) });
  return (await (await fetch(`${at}/api/v1/query?${asked}`)).json()) as Answer;
}

async function problemWith(at: string, expression: string, timeS: number): Promise<string | null> {
  const { status, error, data } = await query(at, expression, timeS);
  if (status !== 'success') return error ?? status;
  if (data.result.length === 0) return 'no answer';
  return data.result.some(({ value }) => value[1] !== 'NaN') ? null : 'NaN alone';
}
