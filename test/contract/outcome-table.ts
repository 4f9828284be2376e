import { OUTCOMES, type Outcome } from '../../src/kernel/outcome.ts';
import type { Subject } from '../support/transport-bench.ts';
import { traitsOf } from './place.ts';

const provoked = new Map<Subject, Set<Outcome>>();

/** A test has seen this outcome come of the generator's own loop. */
export function noteProvoked(subject: Subject, outcome: Outcome): void {
  const seen = provoked.get(subject) ?? new Set();
  provoked.set(subject, seen.add(outcome));
}

/** Why an outcome can't be here, from what the transport's definition says; undefined where it must be provoked. */
function impossibleBecause(subject: Subject, outcome: Outcome): string | undefined {
  const { answered } = traitsOf(subject);
  if (outcome === 'rejected') return 'no policy of the caller exists yet that could reject';
  if (outcome === 'contract-broken' && !answered)
    return "a broker's confirm says nothing that could be broken";
  return undefined;
}

/** Outcomes that no test has provoked although they can happen, and those provoked that were called impossible. */
export function wrongCells(subject: Subject): string[] {
  return OUTCOMES.flatMap((outcome) => {
    const was = provoked.get(subject)?.has(outcome) ?? false;
    const because = impossibleBecause(subject, outcome);
    if (was !== (because !== undefined)) return [];
    return [was ? `${outcome}: provoked, but said to be impossible` : `${outcome}: not provoked`];
  });
}

/** Transport × interaction × outcome, with the reasons below; only of the rows that were tested. */
export function outcomeTable(): string {
  const reasons: string[] = [];
  const rows = [...provoked].map(([subject, seen]) => {
    const cells = OUTCOMES.map((outcome) => {
      if (seen.has(outcome)) return 'yes';
      const because = impossibleBecause(subject, outcome);
      if (because === undefined) return 'NOT SEEN';
      const text = `${outcome}: ${because}`;
      if (!reasons.includes(text)) reasons.push(text);
      return `no (${reasons.indexOf(text) + 1})`;
    });
    const options = subject.options ? `, ${Object.values(subject.options).join(', ')}` : '';
    return [`${subject.name}, ${subject.interaction}${options}`, ...cells];
  });
  const table = [['provoked', ...OUTCOMES], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  return [...lines, ...reasons.map((reason, i) => `(${i + 1}) ${reason}`)]
    .map((line) => line.trimEnd())
    .join('\n');
}
