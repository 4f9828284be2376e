import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
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
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench [-- --reps 3 --seconds 8 --rates 500,2000,5000,10000]`: commbench against autocannon always,
 * and against every other load tool that is on the PATH, on the neutral referee. All tools run in one
 * interleaved run, so only the ratios within it say something. Writes docs/evidence/bench.md.
 */
const ROOT = path.resolve(fileURLToPath(import.meta.url), '../..');
const RIVALS = ['oha', 'k6', 'fortio', 'hey', 'wrk'] as const;
const EVIDENCE = path.join(ROOT, 'docs/evidence');

interface Quantiles {
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
  readonly p999?: number;
}

/** One line of the referee's output. Times in ms, CPU in microseconds per request. */
interface Row {
  readonly part: string;
  readonly tool: string;
  readonly rate?: number;
  readonly cpuUsPerReq: number | null;
  readonly wallS: number;
  readonly othersCores: number;
  readonly got: Quantiles & { readonly count?: number; readonly lag?: Quantiles };
  readonly ref: { readonly count: number; readonly scheduleErrorMs?: Quantiles };
}

async function main(): Promise<number> {
  if (options.table !== '') return publish(readFileSync(options.table, 'utf8'));
  const peers = mkdtempSync(path.join(os.tmpdir(), 'commbench-bench-'));
  const found = linkPeers(peers);
  const out = path.join(peers, 'rows.jsonl');
  try {
    console.log(`commbench against autocannon${found.map((name) => `, ${name}`).join('')}`);
    const code = await runReferee(['commbench', 'autocannon', ...found], peers, out);
    if (code !== 0 || !existsSync(out)) return 1;
    return publish(readFileSync(out, 'utf8'));
  } finally {
    rmSync(peers, { recursive: true, force: true });
  }
}

/** Keeps the referee's rows, and a page made of them. */
function publish(lines: string): number {
  const rows = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  mkdirSync(EVIDENCE, { recursive: true });
  writeFileSync(path.join(EVIDENCE, 'bench.jsonl'), lines);
  const page = render(rows);
  writeFileSync(path.join(EVIDENCE, 'bench.md'), page);
  console.log(page);
  return 0;
}

function readOptions(args: readonly string[]) {
  const given = {
    reps: '3',
    seconds: '8',
    rates: '500,2000,5000,10000',
    maxOthers: '0.5',
    parts: 'rate,delay,freeze,startup',
    /** Rows of an earlier run, only to be shown again. */
    table: '',
  };
  for (let i = 0; i + 1 < args.length; i += 2) {
    const name = args[i]!.replace(/^--/, '') as keyof typeof given;
    if (!(name in given))
      throw new Error(`Expected one of --${Object.keys(given).join(', --')}, found ${args[i]}`);
    given[name] = args[i + 1]!;
  }
  return given;
}

/** A folder in the referee's own layout, with links to what is installed here. @returns the rivals found */
function linkPeers(folder: string): string[] {
  mkdirSync(path.join(folder, 'bin'));
  mkdirSync(path.join(folder, 'npm'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'npm/node_modules'));
  return RIVALS.filter((name) => {
    const file = onPath(name);
    if (file !== undefined) symlinkSync(file, path.join(folder, 'bin', name));
    return file !== undefined;
  });
}

function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function runReferee(tools: readonly string[], peers: string, out: string): Promise<number> {
  const { reps, seconds, rates, maxOthers, parts } = options;
  const args = ['--parts', parts, '--tools', tools.join(','), '--reps', reps, '--seconds', seconds];
  args.push('--rates', rates, '--maxOthers', maxOthers, '--out', out);
  const child = spawn(process.execPath, [path.join(ROOT, 'bench/referee/run.mjs'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PEERS_DIR: peers },
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

function median(values: readonly (number | null | undefined)[]): number | undefined {
  const known = values.filter((v): v is number => Number.isFinite(v)).toSorted((a, b) => a - b);
  if (known.length === 0) return undefined;
  return (known[known.length >> 1]! + known[(known.length - 1) >> 1]!) / 2;
}

/** Median over the repetitions, and in brackets its ratio to commbench's in the same run. */
function cell(
  rows: readonly Row[],
  ours: readonly Row[],
  get: (row: Row) => number | null | undefined,
): string {
  const value = median(rows.map(get));
  const own = median(ours.map(get));
  if (value === undefined) return '–';
  const text = value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
  return rows === ours || own === undefined || own === 0 ? text : `${text} (${(value / own).toFixed(2)}×)`;
}

const COLUMNS: readonly (readonly [string, (row: Row) => number | null | undefined])[] = [
  ['arrived', (r) => r.ref.count],
  ['recorded', (r) => r.got.count],
  ['error p50 ms', (r) => r.ref.scheduleErrorMs?.p50],
  ['error p99 ms', (r) => r.ref.scheduleErrorMs?.p99],
  ['own lag p50 ms', (r) => r.got.lag?.p50],
  ['own lag p99 ms', (r) => r.got.lag?.p99],
  ['CPU µs/request', (r) => r.cpuUsPerReq],
  ['says p50', (r) => r.got.p50],
  ['says p90', (r) => r.got.p90],
  ['says p99', (r) => r.got.p99],
  ['says p99.9', (r) => r.got.p999],
  ['wall s', (r) => r.wallS],
];

function render(rows: readonly Row[]): string {
  const works = [...new Set(rows.map((r) => `${r.part} ${r.rate ?? ''}`.trim()))];
  const lines = [
    '# commbench beside other load tools, on the referee',
    '',
    "One interleaved run; medians over the repetitions (n), in brackets the ratio to commbench's.",
    `Machine: ${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores, ${os.type()} ${os.release()}, Node ${process.versions.node}. Absolute figures swing on shared cores: compare within a block.`,
    'Truth of the freeze: 5,000 requests, p90 about 430 ms, p99 1,300, p99.9 1,390.',
  ];
  for (const work of works) {
    const here = rows.filter((r) => `${r.part} ${r.rate ?? ''}`.trim() === work);
    const tools = [...new Set(here.map((r) => r.tool))].toSorted(
      (a, b) => Number(b === 'commbench') - Number(a === 'commbench'),
    );
    const ours = here.filter((r) => r.tool === 'commbench');
    lines.push('', `## ${work}`, '', `| tool | n | ${COLUMNS.map(([name]) => name).join(' | ')} |`);
    lines.push(`|---|---|${'---|'.repeat(COLUMNS.length)}`);
    for (const tool of tools) {
      const mine = tool === 'commbench' ? ours : here.filter((r) => r.tool === tool);
      lines.push(
        `| ${tool} | ${mine.length} | ${COLUMNS.map(([, get]) => cell(mine, ours, get)).join(' | ')} |`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const options = readOptions(process.argv.slice(2));
process.exitCode = await main();
