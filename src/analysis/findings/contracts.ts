import type { FoundFigure, Finding, Subject } from '../finding.ts';
import { isCountable } from '../patterns/countable.ts';
import { brokenCalls, type ContractLine } from '../patterns/contract-changes.ts';

type Share = (line: ContractLine) => number;

/** Ends of calls that broke, those that nobody noticed first. */
const BREAKS: readonly (readonly [code: string, of: Share])[] = [
  ['contract-silent', ({ counts }) => counts.silent],
  ['contract-lost', ({ counts }) => counts.deadLettered + counts.skipped],
  ['contract-noticed', ({ counts }) => counts.refused + counts.caught],
];

/** What a changed contract does to callers of the first version: a finding for each pattern, version and end. */
export function contractFindings(lines: readonly ContractLine[], deadlineMs: number): Finding[] {
  const known = lines.filter(({ change, planned }) => change !== null && planned > 0);
  // By version first: a sentence names each once.
  const changed = [...Map.groupBy(known, ({ variant }) => variant?.id).values()].flat();
  return [
    ...BREAKS.flatMap(([code, of]) =>
      changed.flatMap((line) => (of(line) > 0 ? [findingOf(code, line, of(line), deadlineMs)] : [])),
    ),
    ...changed
      .filter((line) => brokenCalls(line) === 0)
      .map((line) => findingOf('contract-held', line, line.planned, deadlineMs)),
  ];
}

function findingOf(code: string, line: ContractLine, calls: number, deadlineMs: number): Finding {
  const { pattern, variant, planned, counts, caughtLate, trials } = line;
  const subject: Subject[] = [
    { kind: 'pattern', id: pattern.id },
    ...(variant ? [{ kind: 'variant', id: variant.id } as const] : []),
  ];
  const share = (name: string, n: number): FoundFigure => ({ name, value: n / planned, unit: 'share' });
  const isKnown = trials.every((trial) => isCountable(trial, deadlineMs, trial.phases));
  return {
    code,
    subject,
    figures: [
      share('share', calls),
      ...(code === 'contract-noticed' ? [share('stored-otherwise', caughtLate)] : []),
      ...(code === 'contract-lost' ? [share('dead-lettered', counts.deadLettered)] : []),
    ],
    caveats: isKnown ? [] : [{ code: 'not-valid' }],
  };
}
