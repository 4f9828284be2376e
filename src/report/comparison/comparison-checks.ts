import type { Comparison, PatternComparison } from '../../analysis/compare/comparison.ts';
import { unmeasuredNames } from '../../analysis/compare/unmeasured.ts';
import {
  comparisonFindings,
  gateText,
  HOW,
  invariantText,
  isConclusive,
  patternNameOf,
  patternText,
} from './comparison-finding.ts';
import { ruleText } from './comparison-text.ts';
import type { Check } from '../view.ts';

const STATES = {
  improved: 'passed',
  equivalent: 'passed',
  regressed: 'failed',
  inconclusive: 'skipped',
} as const;

const BLOCKED = 'not comparable: the case `comparable` says why';

/** One for each gate and invariant, one for each pattern that was not measured on both sides, and one for whether the sides can be compared at all. */
export function checksOf(comparison: Comparison): Check[] {
  const isBlocked = comparison.verdict === 'not-comparable';
  const own: Check = {
    suite: 'comparison',
    name: 'comparable',
    state: isBlocked ? 'error' : 'passed',
    verdict: isBlocked ? 'not comparable' : 'comparable',
    text: isBlocked ? comparisonFindings(comparison)[0]! : HOW[comparison.how],
  };
  const unmeasured = unmeasuredNames(comparison).map((name): Check => {
    const text = 'failed, not run or missing on a side: the notes say which';
    return { suite: name, name: 'measured on both sides', state: 'error', verdict: 'incomplete', text };
  });
  return [
    own,
    ...unmeasured,
    ...comparison.patterns.flatMap((pattern) => checksOfPattern(pattern, comparison)),
  ];
}

function checksOfPattern(pattern: PatternComparison, comparison: Comparison): Check[] {
  const suite = patternNameOf(pattern);
  // Figures of sides that can't be compared neither pass nor fail.
  const isBlocked = pattern.verdict === 'not-comparable';
  const { gate } = pattern;
  const gates: Check[] = [
    gate
      ? {
          suite,
          name: gate.figure,
          state: isBlocked ? 'skipped' : STATES[gate.verdict],
          verdict: isBlocked ? 'not comparable' : gate.verdict,
          text: isBlocked ? BLOCKED : `${suite} ${gateText(gate, comparison)}`,
        }
      : {
          suite,
          name: 'gate',
          state: 'skipped',
          verdict: pattern.verdict,
          text: patternText(pattern, comparison),
        },
  ];
  const invariants = pattern.invariants.map((one): Check => {
    const state = one.isBroken ? 'failed' : isConclusive(one) ? 'passed' : 'skipped';
    const verdict = one.isBroken ? 'broken' : 'held';
    if (isBlocked) return { suite, name: one.name, state: 'skipped', verdict, text: BLOCKED };
    return {
      suite,
      name: one.name,
      state,
      verdict,
      text: `${suite} ${invariantText(one)}: ${ruleText(one.rule)}`,
    };
  });
  return [...gates, ...invariants];
}
