import type { Mutant } from '../mutant.ts';

const TIMES = {
  file: 'src/measure/validity/fault-times.ts',
  test: 'test/measure/validity/fault-times.test.ts',
};
const SILENCE = { file: 'src/measure/validity/silence.ts', test: 'test/measure/validity/silence.test.ts' };
const SILENCES = { file: 'src/trial/silences.ts', test: 'test/trial/silences.test.ts' };
const STANDSTILL = { file: 'src/trial/standstill.ts', test: 'test/trial/standstill.test.ts' };
const SECRETS = {
  file: 'src/scenario/load/target-secrets.ts',
  test: 'test/scenario/load/target-secrets.test.ts',
};

/** What a trial must show before it is believed: its faults on, its parts alive (DESIGN 3.8). */
export const mutants: readonly Mutant[] = [
  {
    name: 'faults-of-any-length',
    rule: '3.8 a fault that was shorter or longer than planned is another one',
    ...TIMES,
    find: '    endedNs - beganNs - plannedForNs,\n',
    replace: '',
    fails: 'of its begin, its end and its length',
  },
  {
    name: 'late-faults-are-on-time',
    rule: '3.8 a fault that began late is another one',
    ...TIMES,
    find: '    beganNs - plannedAtNs,\n',
    replace: '',
    fails: 'of its begin, its end and its length',
  },
  {
    name: 'never-observed-and-believed',
    rule: '3.8 a fault that was never observed is not believed',
    ...TIMES,
    find: 'if (beganNs === null || endedNs === null) return false;',
    replace: 'if (beganNs === null || endedNs === null) return true;',
    fails: 'the reason tells both by figures',
  },
  {
    name: 'restarts-are-deviations',
    rule: '3.8 how long a restart takes is a finding',
    file: 'src/record/fault-times.ts',
    test: 'test/record/fault-times.test.ts',
    find: 'definition.restarts ? liftedNs : readyNs',
    replace: 'definition.restarts ? readyNs : readyNs',
    fails: 'how long a restart takes is a finding',
  },
  {
    name: 'planned-length-in-sentences',
    rule: '3.8 sentences take observed times',
    file: 'src/record/fault-times.ts',
    test: 'test/record/fault-times.test.ts',
    find: 'if (!times || isOnPlan(times)) return fault.plannedForNs;',
    replace: 'if (fault.plannedForNs > 0 || !times) return fault.plannedForNs;',
    fails: 'else the observed one',
  },
  {
    name: 'silence-of-the-idle',
    rule: '3.8 who is asked nothing does not stand still',
    ...SILENCE,
    find: 'if (calls >= SILENCE_LIMITS.calls) longest',
    replace: 'if (calls >= 0) longest',
    fails: 'before the first call nothing was asked',
  },
  {
    name: 'silence-to-the-end-unseen',
    rule: '3.8 a standstill may last to the end',
    ...SILENCE,
    find: 'for (const nextNs of [...done, toNs])',
    replace: 'for (const nextNs of done)',
    fails: 'one that lasts to the end is found',
  },
  {
    name: 'slow-work-stands-still',
    rule: '3.8 the planned work of a message is no standstill',
    ...SILENCE,
    find: 'SILENCE_LIMITS.longestNs + 2 * workNs',
    replace: 'SILENCE_LIMITS.longestNs + 0 * workNs',
    fails: 'work may take its time',
  },
  {
    name: 'no-standstill-after-a-fault',
    rule: '3.8 a standstill after a fault counts, too',
    ...SILENCES,
    find: 'return [...left, { fromNs, toNs: endNs }]',
    replace: 'return left',
    fails: 'after what a fault left is over',
  },
  {
    name: 'recovery-stands-still',
    rule: '3.8 what a fault left is over with the first thing done after it',
    ...SILENCES,
    find: 'fromNs === 0 ? from : leastOf',
    replace: 'fromNs >= 0 ? from : leastOf',
    fails: 'nor until something is done after it',
  },
  {
    name: 'refusals-are-life',
    rule: '3.8 a call that never arrived is no sign of life',
    ...SILENCES,
    find: "'refused', 'timeout'",
    replace: "'timeout'",
    fails: 'although its calls are refused',
  },
  {
    name: 'planned-for-ever',
    rule: '3.8 a fault may have a part stopped only while it lasts',
    ...STANDSTILL,
    find: 'fromNs <= sinceNs && sinceNs < toNs',
    replace: 'fromNs <= sinceNs && sinceNs < Infinity',
    fails: 'a fault may have it stopped while it lasts',
  },
  {
    name: 'waits-for-the-dead',
    rule: '3.8 a part that does not go on is not waited for',
    ...STANDSTILL,
    find: 'if (isStill && atNs - stoppedNs < GIVE_UP_NS) return undefined;',
    replace: 'if (isStill) return undefined;',
    fails: 'one that does not go on is not waited for',
  },
  {
    name: 'unknown-fields-are-stored',
    rule: '7 of a target only what is known to be harmless is stored',
    ...SECRETS,
    find: '    default:\n      return shownValue(value);',
    replace: '    default:\n      return value;',
    fails: 'no value of a target',
  },
];
