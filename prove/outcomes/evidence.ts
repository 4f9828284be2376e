import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeEnvironment } from '../../src/record/environment.ts';

/** What one scenario showed with one seed. */
export interface Shown {
  readonly scenario: string;
  readonly seed: number;
  /** Hash of the scenario's file and of what is expected of it. */
  readonly key: string;
  /** What was run. */
  readonly commit: string;
  /** The how many-th run with this key, from 1: what did not hold is repeated only on demand. */
  readonly attempt: number;
  readonly outcomes: readonly { readonly what: string; readonly expected: string; readonly found: string }[];
  /** Verdicts on the measurement of its trials, e.g. `{ valid: 7, disturbed: 1 }`. */
  readonly measured: Readonly<Record<string, number>>;
  readonly wallS: number;
}

/** One line per scenario and seed, written after each: a proof that was cut off goes on where it was. */
export interface Evidence {
  of(scenario: string, seed: number): Shown | undefined;
  add(shown: Shown): void;
}

export function openEvidence(file: string): Evidence {
  // Read each time: parts of the proof may run beside each other.
  const read = (): Shown[] => {
    if (!existsSync(file)) return [];
    const text = readFileSync(file, 'utf8').trim();
    return text.split('\n').map((line) => JSON.parse(line) as Shown);
  };
  const isIt = (scenario: string, seed: number) => (line: Shown) =>
    line.scenario === scenario && line.seed === seed;
  return {
    of: (scenario, seed) => read().find(isIt(scenario, seed)),
    add(shown) {
      const lines = read();
      const { cpu, cores, os, kernel, commbench } = describeEnvironment();
      const line = { ...shown, commbench, machine: { cpu, cores, system: os, kernel } };
      const place = lines.findIndex(isIt(shown.scenario, shown.seed));
      lines.splice(place === -1 ? lines.length : place, place === -1 ? 0 : 1, line);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    },
  };
}
