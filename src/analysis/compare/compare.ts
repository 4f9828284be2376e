import { isStream } from '../../contracts/interactions.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import {
  type Comparison,
  type ComparisonNote,
  type NamedResult,
  type PatternComparison,
  type ComparisonVerdict,
  WORST_FIRST,
} from './comparison.ts';
import { shortfallIn } from '../../measure/figures/figures.ts';
import { validityFinding } from '../findings/validity.ts';
import { describeDifferences } from './described.ts';
import { describeFaults } from './fault-figures.ts';
import {
  confoundersOf,
  differencesOf,
  factorsOf,
  type FoundDifferences,
  nameOfDifference,
} from './differences.ts';
import { patternName } from './facts.ts';
import { invariantsOf } from './invariants.ts';
import { comparedTrials, isWholeMix, type MatchedPattern, matchPatterns } from './matched-patterns.ts';
import { gateKindOf, gateOf } from './pattern-gate.ts';
import { SESSION_NOISE } from './session-noise.ts';
import { unmeasuredIn } from './unmeasured.ts';
import { type Interleaved, interleavedOf } from './twins.ts';

export interface CompareOptions {
  /** Equivalence margin as a share: 0.05 = ± 5 %. */
  readonly margin: number;
  /** Names of confounders that differ on purpose (`rate`, `guarantee of queue`, `machine`). */
  readonly declared: readonly string[];
}

/**
 * Compares candidate with baseline (DESIGN 7). Pure and symmetric: exchanging the sides inverts the answer.
 * @throws CommbenchError bad-option where a side is empty or the margin is invalid
 */
export function compareResults(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
  options: CompareOptions,
): Comparison {
  check(baseline, candidate, options);
  const matched = matchPatterns(baseline, candidate);
  const interleaved = interleavedOf(baseline, candidate);
  const whole = matched.filter(isWholeMix);
  const found = differencesOf(baseline, candidate, whole);
  // The declared difference between the arms applies between them, and to no other result.
  const meant = interleaved.how === 'unpaired' ? [] : [...baseline, ...candidate].flatMap(declaredIn);
  const confounders = confoundersOf(found, [...options.declared, ...meant]);
  const blocked = found.filter((one) =>
    confounders.some(
      ({ what, isDeclared }) => what === nameOfDifference(one) && !isDeclared && one.role === 'confounder',
    ),
  );
  const patterns = matched.map((line) =>
    comparisonOf(line, { interleaved, blocked, margin: options.margin }),
  );
  const isExcused = (line: MatchedPattern) =>
    unmeasuredIn(line).length > 0 && isDeclaredMissing(line, options.declared);
  return {
    format: 'commbench-comparison',
    version: 1,
    verdict: worstOf(patterns.flatMap(({ verdict }, i) => (isExcused(matched[i]!) ? [] : verdict))),
    how: interleaved.how,
    margin: options.margin,
    baseline: sideOf(baseline),
    candidate: sideOf(candidate),
    factors: factorsOf(found),
    confounders,
    patterns,
    notes: [...noiseNote(interleaved), ...whole.flatMap((line) => comparisonNotes(line, options.declared))],
    validity: validityFinding(
      whole.flatMap((line) => [...line.baseline, ...line.candidate]).flatMap(comparedTrials),
    ),
  };
}

function check(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
  { margin }: CompareOptions,
) {
  if (baseline.length === 0 || candidate.length === 0) {
    throw new CommbenchError('bad-option', 'Each side needs at least one result');
  }
  if (!(margin > 0 && margin < 1)) {
    const percent = Number((margin * 100).toPrecision(6));
    throw new CommbenchError('bad-option', `Expected a margin above 0 % and below 100 %, found ${percent} %`);
  }
}

function sideOf(side: readonly NamedResult[]): Comparison['baseline'] {
  const { interleave, scenario } = side[0]!.result;
  const brokers = side.flatMap(({ result }) =>
    result.brokers.map(({ name, version }) => ({ name, version })),
  );
  return { files: side.map(({ file }) => file), title: interleave?.title ?? scenario.title, brokers };
}

/** The differences that the user of `ab` asked the arms to have. */
function declaredIn({ result }: NamedResult): readonly string[] {
  return result.interleave?.declared ?? [];
}

interface More {
  readonly interleaved: Interleaved;
  /** Differences that rule out the comparison. */
  readonly blocked: readonly FoundDifferences[];
  readonly margin: number;
}

function comparisonOf(line: MatchedPattern, { interleaved, blocked, margin }: More): PatternComparison {
  const { pattern } = (line.candidate[0] ?? line.baseline[0])!;
  const { id, title } = pattern.record;
  const { operation } = pattern;
  const named = {
    pattern: id,
    title,
    variant: pattern.variant,
    ...(operation === null ? {} : { operation }),
  };
  if (line.baseline.length === 0 || line.candidate.length === 0) {
    return { ...named, verdict: 'inconclusive', gate: null, invariants: [], described: [], faulted: [] };
  }
  const gate = gateOf(line, interleaved, margin);
  const invariants = invariantsOf(line);
  const isBlocked = blocked.some(
    (one) => one.pattern === null || one.pattern === id || one.pattern === patternName(pattern),
  );
  const isBroken = invariants.some((one) => one.isBroken);
  const verdict = isBlocked ? 'not-comparable' : isBroken ? 'regressed' : gate.verdict;
  return {
    ...named,
    verdict,
    gate,
    invariants,
    described: describeDifferences(line),
    // Faults strike all requests: what they did is told of the whole mix.
    faulted: operation === null ? describeFaults(line) : [],
  };
}

function isDeclaredMissing({ baseline, candidate }: MatchedPattern, declared: readonly string[]): boolean {
  return declared.includes(`pattern ${(candidate[0] ?? baseline[0])!.pattern.name}`);
}

/** Without patterns the verdict is inconclusive. */
export function worstOf(verdicts: readonly ComparisonVerdict[]): ComparisonVerdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}

function noiseNote({ how }: Interleaved): ComparisonNote[] {
  return how === 'unpaired' ? [{ code: 'not-interleaved', deviation: SESSION_NOISE.deviation }] : [];
}

function comparisonNotes(line: MatchedPattern, declared: readonly string[]): ComparisonNote[] {
  const { baseline, candidate } = line;
  const { name, record, waitsFor } = (candidate[0] ?? baseline[0])!.pattern;
  const unmeasured = unmeasuredIn(line).map((one) => ({
    name,
    isDeclared: isDeclaredMissing(line, declared),
    ...one,
  }));
  if (baseline.length === 0 || candidate.length === 0) return unmeasured;
  const isAcceptance = waitsFor === 'confirm' && gateKindOf(line) === 'response';
  return [
    ...unmeasured,
    ...(isStream(record.interaction) ? [{ code: 'stream-end', name } as const] : []),
    ...(isAcceptance ? [{ code: 'acceptance-only', name } as const] : []),
    ...shortfallNotes(line),
  ];
}

/** Latencies of a backlog, which longer trials would lengthen, or of what many failed calls left over. */
function shortfallNotes({ baseline, candidate }: MatchedPattern): ComparisonNote[] {
  return (['baseline', 'candidate'] as const).flatMap((side) => {
    const lines = side === 'baseline' ? baseline : candidate;
    const all = lines.flatMap(({ pattern }) => pattern.trials.latency).map(({ load }) => shortfallIn(load));
    const { name } = lines[0]!.pattern;
    return (['saturated', 'failing'] as const).flatMap((code) => {
      const rounds = all.filter((one) => one === code).length;
      return rounds === 0 ? [] : [{ code, name, side, rounds }];
    });
  });
}
