import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeEnvironment } from '../../src/record/environment.ts';

interface Kept {
  readonly id: number | string;
  readonly problems: readonly string[];
}

/** Verdicts so far, kept in a file after each: a proof that was cut off goes on where it was. */
export interface Evidence<V extends Kept> {
  passed(id: V['id']): V | undefined;
  add(verdict: V): void;
}

interface Stored<V> {
  readonly plan: number;
  readonly seed: number;
  readonly verdicts: V[];
}

/** What failed is tried again: it was mended meanwhile, or shows that it was not. */
export function openEvidence<V extends Kept>(file: string, plan: number, seed: number): Evidence<V> {
  const stored = read<V>(file);
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
      const all = [...verdicts.values()].toSorted((a, b) =>
        String(a.id).localeCompare(String(b.id), 'en', { numeric: true }),
      );
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify({ plan, seed, commbench, machine, verdicts: all }, null, 1)}\n`);
    },
  };
}

function read<V>(file: string): Stored<V> | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored<V>) : undefined;
}
