import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { analysisOf } from '../src/analysis/analysis.ts';
import { sideBySide } from '../src/analysis/patterns/side-by-side.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import { type Result, resultSchema } from '../src/record/record.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { startOthers } from './compare-real/others.ts';
import { runCli } from './run-cli.ts';
import {
  meanOf,
  readSessions,
  type Session,
  type SessionPattern,
  summaryOfSessions,
} from './sessions/summary.ts';

/**
 * `npm run prove -- sessions [--count N] [--others SHARE]`: whole runs of `pattern-comparison`, one after the other: how far
 * ratios move between sessions, and whether a word is supported by one run and contradicted by another. With
 * `--others 0.3` beside programs that use so much of all cores. Resumable: every finished run is a line of the evidence.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/sessions.jsonl');
const SUMMARY = path.join(ROOT, 'docs/evidence/sessions.txt');
const HOME = path.join(ROOT, 'results/sessions');

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { count: { type: 'string' }, others: { type: 'string' } } });
  const count = Number(values.count ?? 5);
  const others = Number(values.others ?? 0);
  if (!(Number.isInteger(count) && count > 0) || !(others >= 0 && others < 1)) {
    console.error(
      `sessions: expected --count N from 1 and --others a share below 1, found ${args.join(' ')}`,
    );
    return 2;
  }
  using checkout = openCheckout(ROOT);
  mkdirSync(HOME, { recursive: true });
  const isAlike = (one: Session) => one.commit === checkout.commit && one.others === others;
  for (let done = readSessions(EVIDENCE).filter(isAlike).length; done < count; done++) {
    const session = await runOnce(checkout, others);
    const all = [...readSessions(EVIDENCE), session];
    writeFileSync(EVIDENCE, all.map((one) => `${JSON.stringify(one)}\n`).join(''));
    writeFileSync(SUMMARY, summaryOfSessions(all));
    console.log(`${all.length}: ${session.state}, ${session.wallS} s`);
  }
  const text = summaryOfSessions(readSessions(EVIDENCE));
  console.log(text);
  return text.includes('both supported and contradicted: none') ? 0 : 1;
}

async function runOnce({ folder, commit }: Checkout, others: number): Promise<Session> {
  const out = path.join(HOME, `${new Date().toISOString().replaceAll(':', '-')}.json`);
  const beganMs = performance.now();
  using _others = others > 0 ? startOthers(others) : undefined;
  await runCli(folder, ['run', 'pattern-comparison', '--quiet', '--out', out]);
  const result = resultSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
  const { cpu, coresUsable, os: system, kernel } = describeEnvironment();
  return {
    commit,
    others,
    startedAt: result.startedAt,
    machine: { cpu, cores: coresUsable, system, kernel },
    state: result.state,
    othersSeen: othersIn(result),
    wallS: Math.round((performance.now() - beganMs) / 1000),
    patterns: patternsIn(result),
  };
}

function othersIn({ trials }: Result): Session['othersSeen'] {
  const known = trials.flatMap(({ machine }) => machine.others ?? []);
  return { mean: meanOf(known), most: Math.max(...known) };
}

function patternsIn(result: Result): SessionPattern[] {
  const { words, patterns } = analysisOf(result);
  const reference = patterns.find(({ record }) => record.id === result.scenario.reference);
  return words.map(({ pattern, words: { latency, coupling } }) => ({
    id: pattern.record.id,
    title: pattern.record.title,
    logRatios:
      reference === undefined || pattern.record.id === reference.record.id
        ? []
        : sideBySide(pattern, reference, 'completion').rounds.map(({ ratio }) => Math.log(ratio)),
    words: { latency: wordOf(latency), coupling: wordOf(coupling) },
  }));
}

function wordOf({ measured, verdict }: { measured: readonly (readonly string[])[]; verdict: string | null }) {
  return { measured: measured.map((one) => one.join(' or ')).join(', '), verdict };
}
