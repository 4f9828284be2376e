import { contradicted, inconclusive, supported, type TestedClaim } from '../claim.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { ofLines } from '../fault-lines.ts';
import { harmEvidence, harmOf, isAnyHarmed, isLoose, looseEvidence } from '../harm.ts';

const synchronous = (of: string) => ({ variant: 'synchronous', case: of });
const SYNCHRONOUS = {
  killed: synchronous('killed'),
  frozen: synchronous('frozen'),
  slow: synchronous('slow'),
};
const ASYNCHRONOUS = {
  'rabbitmq-killed': { variant: 'rabbitmq', case: 'killed' },
  'rabbitmq-frozen': { variant: 'rabbitmq', case: 'frozen' },
  'rabbitmq-slow': { variant: 'rabbitmq', case: 'slow' },
  'kafka-killed': { variant: 'kafka', case: 'killed' },
  'kafka-frozen': { variant: 'kafka', case: 'frozen' },
  'kafka-slow': { variant: 'kafka', case: 'slow' },
};

/** How failures spread along synchronous edges, and where an asynchronous one stops them. */
export const CASCADE_CLAIMS: readonly TestedClaim[] = [
  {
    id: '2a',
    guides: ['A'],
    scenario: 'cascade',
    judge: ofLines({ killed: SYNCHRONOUS.killed, slow: SYNCHRONOUS.slow }, (lines) => {
      const all = [lines.killed, lines.slow];
      const evidence = all.map(harmEvidence);
      const spared = all.find((line) => harmOf(line).dependent.harmed === 0);
      if (spared) return contradicted({ code: 'dependents-spared', line: nameWithCase(spared) }, evidence);
      const isWhole = all.every((line) => harmOf(line).dependent.harmed === harmOf(line).dependent.of);
      return isWhole
        ? supported({ code: 'callers-suffer' }, evidence)
        : inconclusive({ code: 'some-suffer' }, evidence);
    }),
  },
  {
    id: '2b',
    guides: ['A'],
    scenario: 'cascade',
    judge: ofLines(SYNCHRONOUS, (lines) => {
      const all = Object.values(lines);
      const evidence = all.map(harmEvidence);
      const spread = all.filter((line) => harmOf(line).independent.harmed > 0);
      return spread.length > 0
        ? supported({ code: 'spread-to-others', lines: spread.map(nameWithCase) }, evidence)
        : contradicted({ code: 'nobody-else-harmed' }, evidence);
    }),
  },
  {
    id: '3a',
    guides: ['A', 'C', 'D'],
    scenario: 'cascade',
    judge: ofLines({ ...SYNCHRONOUS, ...ASYNCHRONOUS }, (lines) => {
      const before = [lines.killed, lines.frozen, lines.slow];
      const all = Object.values(lines).filter((line) => !before.includes(line));
      const evidence = [
        ...before.map(harmEvidence),
        ...all.flatMap((line) => [harmEvidence(line), looseEvidence(line)]),
      ];
      const bad = all.find((line) => isAnyHarmed(line) || !isLoose(line));
      if (bad) return contradicted({ code: 'caller-harmed', line: nameWithCase(bad) }, evidence);
      const harmless = before.find((line) => !isAnyHarmed(line));
      return harmless
        ? inconclusive({ code: 'harmless-before', line: nameWithCase(harmless) }, evidence)
        : supported({ code: 'decoupled' }, evidence);
    }),
  },
];
