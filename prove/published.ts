import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resultSchema } from '../src/record/record.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import { plainEnv } from './plain-env.ts';

/**
 * `npm run prove -- published [VERSION ...]`: packs, installs the tarball outside the repository, and starts it
 * on each of these versions of Node: the ones it is for do the main run, older ones refuse in one clear message.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/published.json');
const REFUSED = ['18.20.8', '20.20.2', '22.23.3', '24.5.0'];
const SERVED = ['24.6.0', '24.21.0', '26.10.0'];
const RUN_LIMIT_MS = 15 * 60_000;

interface Verdict {
  readonly node: string;
  readonly step: string;
  readonly exitCode: number | null;
  readonly seconds: number;
  readonly problem: string | null;
}

export async function run(args: string[]): Promise<number> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'commbench-published-'));
  try {
    const tarball = pack(home);
    const wanted = (version: string): boolean => args.length === 0 || args.includes(version);
    const verdicts = [
      ...REFUSED.filter(wanted).map((version) => refuses(version, tarball, home)),
      ...SERVED.filter(wanted).flatMap((version) => serves(version, tarball, home)),
    ];
    if (args.length === 0) saveEvidence(verdicts);
    const failed = verdicts.filter(({ problem }) => problem !== null).length;
    console.log(`${verdicts.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function pack(home: string): string {
  execFileSync('npm', ['pack', '--pack-destination', home], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path.join(
    home,
    readdirSync(home).find((name) => name.endsWith('.tgz'))!,
  );
}

/** Installed with the machine's own npm: what runs it is the question, not what installed it. */
function refuses(version: string, tarball: string, home: string): Verdict {
  const folder = project(version, tarball, home);
  const program = path.join(folder, 'node_modules/.bin/commbench');
  const result = command(folder, [nodeFile(folder), program, 'list']);
  const isClear =
    /^commbench: expected Node \S+ or newer, found (\S+) /m.exec(result.stderr)?.[1] === version &&
    result.stderr.trim().split('\n').length <= 4;
  const problem =
    result.code === 6 && isClear ? null : `expected one message and exit code 6: ${result.text}`;
  return report({ node: version, step: 'refused', exitCode: result.code, seconds: result.seconds, problem });
}

function serves(version: string, tarball: string, home: string): Verdict[] {
  const folder = project(version, tarball, home);
  const npx = ['npx', '--yes', `--package=${tarball}`, 'commbench'];
  const out = path.join(folder, 'result.json');
  const steps = [
    { step: '--version', args: ['--version'], check: () => null },
    { step: 'list', args: ['list'], check: () => null },
    {
      step: 'run rest-vs-queue',
      args: ['run', 'rest-vs-queue', '--out', out],
      check: () => wholeRun(out, version),
    },
  ];
  return steps.map(({ step, args, check }) => {
    const result = command(folder, [...npx, ...args]);
    const problem = result.code === 0 ? check() : `expected exit code 0: ${result.text}`;
    return report({ node: version, step, exitCode: result.code, seconds: result.seconds, problem });
  });
}

function wholeRun(file: string, version: string): string | null {
  const parsed = resultSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) return `the result file is not valid: ${parsed.error.message}`;
  const ranOn = parsed.data.environment['node'];
  return ranOn === version ? null : `expected a run on Node ${version}, found one on ${String(ranOn)}`;
}

/** A folder outside the repository, with that Node and the tarball installed. */
function project(version: string, tarball: string, home: string): string {
  const folder = path.join(home, `node-${version}`);
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node: true } }),
  );
  const args = ['install', '--loglevel=error', '--ignore-scripts=false', `node@${version}`, tarball];
  execFileSync('npm', args, { cwd: folder, env: plainEnv(), stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

function nodeFile(folder: string): string {
  return path.join(folder, 'node_modules/node/bin/node');
}

function command(folder: string, [file, ...args]: string[]) {
  const startedAt = performance.now();
  const plain = plainEnv();
  const PATH = [path.dirname(nodeFile(folder)), plain['PATH']].join(path.delimiter);
  const env = { ...plain, PATH, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(file!, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: RUN_LIMIT_MS,
    maxBuffer: 2 ** 26,
  });
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  return { code: status, stderr, seconds, text: `${stdout}${stderr}`.trim().slice(-1000) };
}

function report(verdict: Verdict): Verdict {
  console.log(`Node ${verdict.node}, ${verdict.step}: ${verdict.problem ?? 'ok'} (${verdict.seconds} s)`);
  return verdict;
}

function saveEvidence(verdicts: readonly Verdict[]): void {
  const { cpu, cores, os: system, kernel, commbench } = describeEnvironment();
  const evidence = { commbench, machine: { cpu, cores, system, kernel }, verdicts };
  writeFileSync(EVIDENCE, `${JSON.stringify(evidence, null, 1)}\n`);
}
