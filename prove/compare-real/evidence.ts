import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TimeGate, ComparisonVerdict } from '../../src/analysis/compare/comparison.ts';

/** What was asked of one comparison. */
export interface Asked {
  /** From 1 on, over all series, in the order in which they were begun: none is ever left out. */
  readonly number: number;
  readonly series: string;
  readonly seed: number;
  readonly commit: string;
  readonly commbench: string;
  readonly machine: {
    readonly cpu: unknown;
    readonly cores: unknown;
    readonly system: unknown;
    readonly kernel: unknown;
  };
  readonly startedAt: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly mode: 'pairs' | 'switchback';
}

/** What came of it. */
export interface Came {
  readonly exitCode: number | null;
  readonly verdict: ComparisonVerdict;
  readonly gate: Omit<TimeGate, 'excluded'> & { readonly excluded: readonly string[] };
  readonly invariantsBroken: readonly string[];
  /** Pairs that were begun, usable or not. */
  readonly made: number;
  /** Medians by which each was assessed, in microseconds: a, b, and both assessments of the measurement. */
  readonly pairs: readonly (readonly [number | null, number | null, string, string])[];
  readonly wallS: number;
}

/** begun: it was cut off, or is under way. no-result: it ended without a comparison. */
export type Shown =
  | (Asked & { readonly state: 'begun' })
  | (Asked & { readonly state: 'no-result'; readonly exitCode: number | null })
  | (Asked & { readonly state: 'done' } & Came);
export type Done = Extract<Shown, { state: 'done' }>;

/** One line a comparison, there from its beginning and filled in at its end. */
export interface Evidence {
  all(): readonly Shown[];
  begin(asked: Omit<Asked, 'number' | 'seed'>): Asked;
  end(shown: Shown): void;
}

export function openEvidence(file: string): Evidence {
  const lines: Shown[] = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Shown)
    : [];
  const save = () => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  return {
    all: () => lines,
    begin(asked) {
      const number = lines.length + 1;
      // Another order and other arrivals each time.
      const begun = { number, seed: number, ...asked };
      lines.push({ ...begun, state: 'begun' });
      save();
      return begun;
    },
    end(shown) {
      lines[shown.number - 1] = shown;
      save();
    },
  };
}
