import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listMutants, mutate, type Mutant } from './mutant.ts';

/**
 * `npm run prove -- mutants [--fresh] [NAME ...]`: applies every mutant, one at a time, in a
 * copy of the repository and runs its test. Exit 1 if one survives. Resumable: what was killed with
 * the same sources is not tried again.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/mutants.json');
/** For one file of tests. */
const BOUND_MS = 120_000;

/** killed: the named test failed. elsewhere: only other tests did. broken: nothing could be run. */
export type Verdict = 'killed' | 'survived' | 'elsewhere' | 'broken' | 'hung';

interface Tried {
  readonly name: string;
  readonly rule: string;
  readonly verdict: Verdict;
  /** Tests that failed. */
  readonly failed: readonly string[];
  /** Hash of the mutant and all sources and tests. */
  readonly key: string;
}

export async function run(args: string[]): Promise<number> {
  const all = await listMutants();
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !all.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    console.error(`mutants: expected names of docs/mutants.md, found ${unknown.join(', ')}`);
    return 2;
  }
  const wanted = names.length === 0 ? all : all.filter((mutant) => names.includes(mutant.name));
  using scratch = copyOfRepository();
  if (!(await passesWithout(scratch.path, wanted))) return 1;
  // Awaited here: the copy goes when this function ends.
  return await tryAll(scratch.path, wanted, { all, isFresh: args.includes('--fresh') });
}

/** The files as they stand, committed or not, with the installed packages linked. */
function copyOfRepository(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-mutants-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    remove();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  for (const file of repositoryFiles()) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(path.join(ROOT, file), path.join(folder, file));
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    path: folder,
    [Symbol.dispose]() {
      process.off('SIGINT', interrupted);
      remove();
    },
  };
}

function repositoryFiles(): string[] {
  const list = (...more: string[]) =>
    execFileSync('git', ['ls-files', '-z', ...more], { cwd: ROOT, encoding: 'utf8' });
  const deleted = new Set(list('--deleted').split('\0'));
  return list('--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter((file) => file !== '' && !deleted.has(file));
}

/** A test that fails anyway proves nothing. */
async function passesWithout(scratch: string, mutants: readonly Mutant[]): Promise<boolean> {
  const files = [...new Set(mutants.map((mutant) => mutant.test))];
  const report = await runTests(scratch, files);
  if (report !== 'hung' && report.failed.length === 0 && report.passed > 0) return true;
  console.error('mutants: expected the tests to pass before anything is broken, found');
  console.error(
    report === 'hung'
      ? `  no end after ${(files.length * BOUND_MS) / 1000} s`
      : `  ${report.failed.join('\n  ') || report.output}`,
  );
  return false;
}

async function tryAll(
  scratch: string,
  mutants: readonly Mutant[],
  { all, isFresh }: { all: readonly Mutant[]; isFresh: boolean },
): Promise<number> {
  const sources = hashOfSources(scratch);
  const known = new Map(readEvidence().map((tried) => [tried.name, tried]));
  for (const mutant of mutants) {
    const key = createHash('sha256')
      .update(sources)
      .update(JSON.stringify(mutant))
      .digest('hex')
      .slice(0, 16);
    const before = known.get(mutant.name);
    const isSustained = !isFresh && before?.key === key && before.verdict === 'killed';
    const tried = isSustained
      ? before
      : { name: mutant.name, rule: mutant.rule, ...(await attempt(scratch, mutant)), key };
    known.set(mutant.name, tried);
    // After each, so that an interrupted run goes on where it ended.
    writeEvidence(all.flatMap((m) => known.get(m.name) ?? []));
    console.log(
      `${tried.verdict.padEnd(9)} ${mutant.name.padEnd(36)} ${mutant.rule}${isSustained ? ' (kept)' : ''}`,
    );
  }
  const alive = mutants.filter((mutant) => known.get(mutant.name)?.verdict !== 'killed');
  console.log(
    `\n${mutants.length - alive.length} of ${mutants.length} mutants killed by the tests they are for`,
  );
  for (const { name, test, fails } of alive) console.log(`  ${name}: expected "${fails}" in ${test} to fail`);
  return alive.length === 0 ? 0 : 1;
}

async function attempt(scratch: string, mutant: Mutant): Promise<Pick<Tried, 'verdict' | 'failed'>> {
  const file = path.join(scratch, mutant.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, mutate(source, mutant));
  try {
    const report = await runTests(scratch, [mutant.test]);
    if (report === 'hung') return { verdict: 'hung', failed: [] };
    return { verdict: verdictOf(report, mutant.fails), failed: report.failed };
  } finally {
    writeFileSync(file, source);
  }
}

export function verdictOf(
  report: { readonly failed: readonly string[]; readonly passed: number },
  fails: string,
): Verdict {
  // A mutant that does not even load says nothing about the tests.
  if (report.failed.length + report.passed === 0) return 'broken';
  if (report.failed.some((name) => name.includes(fails))) return 'killed';
  return report.failed.length > 0 ? 'elsewhere' : 'survived';
}

interface Report {
  readonly failed: readonly string[];
  readonly passed: number;
  readonly output: string;
}

function runTests(scratch: string, files: readonly string[]): Promise<Report | 'hung'> {
  const outputFile = path.join(scratch, '.mutant-report.json');
  rmSync(outputFile, { force: true });
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--reporter=json', `--outputFile=${outputFile}`, ...files],
    {
      cwd: scratch,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: files.length * BOUND_MS,
      killSignal: 'SIGKILL',
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) =>
      resolve(signal === null ? readReport(outputFile, output) : 'hung'),
    );
  });
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function readReport(file: string, output: string): Report {
  if (!existsSync(file)) return { failed: [], passed: 0, output };
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const tests = testResults.flatMap((result) => result.assertionResults);
  return {
    failed: tests.filter((test) => test.status === 'failed').map((test) => test.fullName),
    passed: tests.filter((test) => test.status === 'passed').length,
    output,
  };
}

/** Everything that a test's outcome may depend on. */
function hashOfSources(scratch: string): string {
  const hash = createHash('sha256');
  for (const file of repositoryFiles()
    .filter((name) => /^(src|test|package-lock)/.test(name))
    .toSorted()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(scratch, file)));
  }
  return hash.digest('hex');
}

function readEvidence(): Tried[] {
  try {
    return (JSON.parse(readFileSync(EVIDENCE, 'utf8')) as { tried: Tried[] }).tried;
  } catch {
    return [];
  }
}

function writeEvidence(tried: readonly Tried[]): void {
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, ${os.type()} ${os.release()}`;
  mkdirSync(path.dirname(EVIDENCE), { recursive: true });
  writeFileSync(EVIDENCE, `${JSON.stringify({ machine, node: process.version, tried }, null, 2)}\n`);
}
