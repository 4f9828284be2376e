import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeEnvironment } from '../../src/record/environment.ts';
import type { Verdict } from './case.ts';

/** Verdicts so far, kept in a file after each: a proof that was cut off goes on where it was. */
export interface Evidence {
  passed(id: number): Verdict | undefined;
  add(verdict: Verdict): void;
}

interface Stored {
  readonly plan: number;
  readonly seed: number;
  readonly verdicts: Verdict[];
}

/** What failed is tried again: it was mended meanwhile, or shows that it was not. */
export function openEvidence(file: string, plan: number, seed: number): Evidence {
  const stored = read(file);
  const kept = stored?.plan === plan && stored.seed === seed ? stored.verdicts : [];
  const verdicts = new Map(kept.map((verdict) => [verdict.id, verdict]));
  return {
    passed(id) {
      const verdict = verdicts.get(id);
      return verdict?.problems.length === 0 ? verdict : undefined;
    },
    add(verdict) {
      verdicts.set(verdict.id, verdict);
      const { cpu, cores, os, kernel, commbench } = describeEnvironment();
      const machine = { cpu, cores, system: os, kernel };
      const all = [...verdicts.values()].toSorted((a, b) => a.id - b.id);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify({ plan, seed, commbench, machine, verdicts: all }, null, 1)}\n`);
    },
  };
}

function read(file: string): Stored | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored) : undefined;
}
