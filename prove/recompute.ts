import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { plainEnv } from './plain-env.ts';
import { checkPage, checkScreen } from './recompute/check.ts';
import { COMPARED, sidesOf, thresholdsFor, withThresholds } from './recompute/derived.ts';
import { evidenceText, type FileCheck, isSound } from './recompute/evidence.ts';
import { withoutKnown } from './recompute/known.ts';
import type { StoredRecord } from './recompute/pages/stored.ts';
import { checkRecord } from './recompute/record-check.ts';
import type { TableRule } from './recompute/rule.ts';
import { allRules } from './recompute/rules.ts';

/**
 * `npm run prove -- recompute [FILE ...]`: every cell of the reports of the committed results, as the command prints them
 * and as the evidence has them, computed again from the files by other code: its own decoder of histograms, its own
 * statistics, nothing of src. Exit 1 where a cell is printed otherwise, or where a table or a column has no recomputation.
 * With files: of these alone, and of each run compared with the run of the same scenario before it.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDERS = ['results/examples', 'docs/evidence'];
const EVIDENCE = 'docs/evidence/recompute.txt';

export async function run(args: string[]): Promise<number> {
  const rules = await allRules();
  const files = args.length > 0 ? args : FOLDERS.flatMap(resultFiles);
  const compared = args.length > 0 ? neighbours(files) : [COMPARED];
  const checks = [
    ...files.flatMap((file) => checksOf(file, rules)),
    ...compared.map((pair) => comparedCheck(pair, rules)),
  ].map(withoutKnown);
  const text = evidenceText(checks);
  console.log(text);
  if (args.length === 0) writeFileSync(path.join(ROOT, EVIDENCE), text);
  return checks.every(isSound) ? 0 : 1;
}

/** Names of files are those of the repository, or paths. */
function recordIn(file: string): StoredRecord {
  return JSON.parse(readFileSync(path.resolve(ROOT, file), 'utf8')) as StoredRecord;
}

type Compared = readonly [baseline: string, candidate: string];

function neighbours(files: readonly string[]): Compared[] {
  return files.slice(1).flatMap((file, i): Compared[] => {
    const [before, after] = [recordIn(files[i]!), recordIn(file)];
    const isAlike = before.scenario.name === after.scenario.name;
    const areRuns = [before, after].every(({ experiment }) => experiment === 'run');
    return isAlike && areRuns ? [[files[i]!, file]] : [];
  });
}

function checksOf(file: string, rules: readonly TableRule[]): FileCheck[] {
  const record = recordIn(file);
  const page = path.join('docs/evidence', `${path.basename(file, '.json')}.md`);
  const hasPage = FOLDERS.includes(path.dirname(file)) && existsSync(path.join(ROOT, page));
  return [
    {
      file,
      tables: [
        checkRecord(record),
        ...checkPage(record, reported(file, 'markdown'), rules),
        ...checkScreen(record, reported(file, 'json'), rules),
      ],
    },
    ...(hasPage
      ? [{ file: page, tables: checkPage(record, readFileSync(path.join(ROOT, page), 'utf8'), rules) }]
      : []),
    ...(record.experiment === 'run' ? [thresholdCheck(file, record, rules)] : []),
  ];
}

/** The table of thresholds alone: the others are as without them. */
function thresholdCheck(file: string, record: StoredRecord, rules: readonly TableRule[]): FileCheck {
  const thresholds = thresholdsFor(record);
  const asked = withThresholds(record, thresholds);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-recompute-'));
  try {
    const changed = path.join(folder, 'result.json');
    writeFileSync(changed, JSON.stringify(asked));
    const [table] = checkPage(asked, reported(changed, 'markdown'), rules);
    return { file: `${file}, with ${thresholds.length} thresholds`, tables: [table!] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two runs that were not interleaved. */
function comparedCheck(pair: Compared, rules: readonly TableRule[]): FileCheck {
  const [baseline, candidate] = pair.map(recordIn);
  const printed = output(['compare', ...pair, '--format', 'markdown']);
  const tables = checkPage(sidesOf(baseline!, candidate!), printed, rules);
  return { file: pair.join(' compared with '), tables };
}

function resultFiles(folder: string): string[] {
  const isResult = (file: string) =>
    readFileSync(path.join(ROOT, file), 'utf8').startsWith('{"format":"commbench-result"');
  return readdirSync(path.join(ROOT, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.join(folder, file))
    .filter(isResult);
}

function reported(file: string, format: 'markdown' | 'json'): string {
  return output(['report', file, '--full', '--format', format]);
}

/** A comparison ends with its verdict, 10 to 12; with 3 where a pattern is on one side only. */
const VERDICTS = [0, 3, 10, 11, 12];

/** @throws Error where the command fails */
function output(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'src/cli.ts'), ...args], {
    cwd: ROOT,
    env: plainEnv(),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (!VERDICTS.includes(status ?? 1))
    throw new Error(`commbench ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
