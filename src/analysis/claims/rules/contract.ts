import type { Analysis } from '../../analysis.ts';
import { brokenCalls, type ContractLine } from '../../patterns/contract-changes.ts';
import { isCountable } from '../../patterns/countable.ts';
import {
  contradicted,
  inconclusive,
  type ClaimAssessment,
  lacking,
  supported,
  type TestedClaim,
} from '../claim.ts';
import type { ClaimEvidence } from '../evidence.ts';

const TIGHT = ['rest', 'grpc', 'graphql'] as const;
const LOOSE = ['queue', 'events'] as const;
const PATTERNS = [...TIGHT, ...LOOSE];
const COMPATIBLE = ['added'] as const;
const INCOMPATIBLE = ['renamed', 'required'] as const;
const SCENARIO = 'contract-change';

/** A service with a new version of its contract, and callers that have the first one. */
export const definition: readonly TestedClaim[] = [
  {
    id: '5a',
    guides: ['A'],
    statement: 'Tight coupling hinders changing one service alone',
    rule: 'patterns rest, grpc and graphql (tight by the guides) against queue and events (loose), variants renamed and required: supported if over each tight one a change breaks calls (not done as sent, whoever notices) and over no loose one; contradicted if over both loose ones one does as well, or over no tight one',
    scenario: SCENARIO,
    assess: ofChanges(INCOMPATIBLE, assessHindrance),
  },
  {
    id: '19a',
    guides: ['B'],
    statement: 'API contracts keep services compatible: old callers go on when a field is added',
    rule: 'all five patterns, variant added, callers that ignore fields which they do not know: supported if every call is done as sent, contradicted if one is not',
    scenario: SCENARIO,
    assess: ofChanges(COMPATIBLE, (lines, evidence) => {
      const broken = lines.filter((line) => brokenCalls(line) > 0);
      return broken.length > 0
        ? contradicted({ code: 'contract-broken', names: broken.map(nameOf) }, evidence)
        : supported({ code: 'contract-held' }, evidence);
    }),
  },
  {
    id: '19b',
    guides: ['B'],
    statement: 'API contracts keep services compatible: an incompatible change is noticed',
    rule: "all five patterns, variants renamed and required: supported if a change breaks calls and each is refused by the service or caught by the caller's check, contradicted if one is stored otherwise than sent, or accepted and skipped, and nobody notices",
    scenario: SCENARIO,
    assess: ofChanges(INCOMPATIBLE, (lines, evidence) => {
      const unnoticed = lines.filter(({ counts }) => counts.silent + counts.skipped > 0);
      if (unnoticed.length > 0)
        return contradicted({ code: 'contract-unnoticed', names: unnoticed.map(nameOf) }, evidence);
      return lines.every((line) => brokenCalls(line) === 0)
        ? inconclusive({ code: 'nothing-broke' }, evidence)
        : supported({ code: 'change-noticed' }, evidence);
    }),
  },
];

/**
 * A rule over all five patterns, each with some versions of the contract. Inconclusive where calls break without any
 * change, or where a trial's calls cannot be counted.
 */
function ofChanges(
  variants: readonly string[],
  decide: (lines: readonly ContractLine[], evidence: readonly ClaimEvidence[]) => ClaimAssessment,
): TestedClaim['assess'] {
  return ({ contracts, result }) => {
    for (const pattern of PATTERNS) {
      for (const variant of ['same', ...variants]) {
        if (!lineOf(contracts, pattern, variant))
          return lacking({ code: 'line-not-run', ids: { pattern, variant } });
      }
    }
    const of = (some: readonly string[]) =>
      PATTERNS.flatMap((pattern) => some.map((variant) => lineOf(contracts, pattern, variant)!));
    const [controls, lines] = [of(['same']), of(variants)];
    const caveat = caveatOf([...controls, ...lines], result.scenario.deadlineMs);
    if (caveat) return caveat;
    const odd = controls.find((line) => brokenCalls(line) > 0);
    if (odd)
      return inconclusive({
        code: 'contract-control-broken',
        name: nameOf(odd),
        calls: brokenCalls(odd),
      });
    return decide(lines, lines.map(evidenceOf));
  };
}

function lineOf(lines: Analysis['contracts'], pattern: string, variant: string): ContractLine | undefined {
  return lines.find((line) => line.pattern.id === pattern && line.variant?.id === variant);
}

function caveatOf(lines: readonly ContractLine[], deadlineMs: number): ClaimAssessment | undefined {
  for (const line of lines) {
    const bad = line.trials.find((trial) => !isCountable(trial, deadlineMs, trial.phases));
    if (!bad) continue;
    const { verdict } = bad.validity;
    return inconclusive({ code: 'line-not-valid', line: nameOf(line), verdict, late: null });
  }
  return undefined;
}

function assessHindrance(
  lines: readonly ContractLine[],
  evidence: readonly ClaimEvidence[],
): ClaimAssessment {
  const broken = new Set(lines.filter((line) => brokenCalls(line) > 0).map(({ pattern }) => pattern.id));
  const titles = (ids: readonly string[]) =>
    ids.map((id) => lines.find(({ pattern }) => pattern.id === id)!.pattern.title);
  const [tight, loose] = [TIGHT, LOOSE].map((ids) => ids.filter((id) => broken.has(id))) as [
    string[],
    string[],
  ];
  if (tight.length === 0) return contradicted({ code: 'change-hinders-none' }, evidence);
  if (loose.length === LOOSE.length)
    return contradicted({ code: 'change-hinders-all', names: titles(loose) }, evidence);
  return tight.length === TIGHT.length && loose.length === 0
    ? supported({ code: 'change-hinders-tight', names: titles(tight) }, evidence)
    : inconclusive({ code: 'change-hinders-some', names: titles([...tight, ...loose]) }, evidence);
}

function evidenceOf(line: ContractLine): ClaimEvidence {
  const { planned, counts, caughtLate } = line;
  return { code: 'contract', name: nameOf(line), planned, counts, caughtLate };
}

function nameOf({ pattern, variant, version }: ContractLine): string {
  return `${pattern.title}, ${variant?.title ?? version}`;
}
