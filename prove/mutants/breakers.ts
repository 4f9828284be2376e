import type { Mutant } from '../mutant.ts';

const TEST = 'test/policies/circuit-breaker.test.ts';
const STATES = { file: 'src/policies/breaker/states.ts', test: TEST };
const WINDOW = { file: 'src/policies/breaker/window.ts', test: TEST };
const GATE = { file: 'src/policies/breaker/gate.ts', test: TEST };
const GUIDES = { file: 'src/policies/guides-breaker.ts', test: 'test/policies/guides-breaker.test.ts' };
const LIBRARIES = 'test/policies/library-breakers.test.ts';
const MODEL = 'counts and decides as a naive model of each mode does';

/** Circuit breakers (DESIGN 5): transitions, who is let through, what is counted. */
export const mutants: readonly Mutant[] = [
  {
    name: 'half-open-without-end',
    rule: '5 half-open lets through as many calls as permitted',
    ...STATES,
    find: 'at.left--;',
    replace: '',
    fails: 'never has more calls try in half-open than permitted, at once or in all',
  },
  {
    name: 'permits-come-back',
    rule: '5 half-open lets through as many calls as permitted, and not as many at once',
    ...STATES,
    find: 'const assessment = from.window.count(call, nowMs());',
    replace:
      "if (from.kind === 'half-open') from.left++;\n      const assessment = from.window.count(call, nowMs());",
    fails: 'never has more calls try in half-open than permitted, at once or in all',
  },
  {
    name: 'open-ends-early',
    rule: '5 an open breaker lets nobody through before its time',
    ...STATES,
    find: 'untilMs: nowMs() + openMs',
    replace: 'untilMs: nowMs() + openMs / 2',
    fails: 'changes only as it may, and lets nobody through before openMs',
  },
  {
    name: 'first-probe-closes',
    rule: '5 half-open decides when the least number of calls have ended, as resilience4j does',
    ...STATES,
    find: "else if (assessment === 'below' && from.kind === 'half-open') close();",
    replace: "else if (from.kind === 'half-open') close();",
    fails: MODEL,
  },
  {
    name: 'late-calls-count',
    rule: '5 a call counts in the state that let it through, or not at all',
    ...STATES,
    find: 'if (from !== state) return;',
    replace: "if (state.kind === 'open') return;\n      from = state;",
    fails: MODEL,
  },
  {
    name: 'ignored-calls-keep-their-permit',
    rule: '5 a call that counts neither way gives its permit back',
    ...STATES,
    find: "if (from.kind === 'half-open') from.left++;",
    replace: '',
    fails: MODEL,
  },
  {
    name: 'questions-blame-the-service',
    rule: '5 an answer about what was asked is no failure of the service',
    ...STATES,
    find: "result.kind !== 'failure' || isCallersFault(result)",
    replace: "result.kind !== 'failure'",
    fails: 'takes an answer about what was asked for a sign of health',
  },
  {
    name: 'hedges-blame-the-service',
    rule: '5 that another attempt was quicker says nothing against the service',
    ...GATE,
    find: "result.kind === 'failure' && given?.signal?.reason === ANOTHER_WON",
    replace: 'false',
    fails: 'does not hold it against the service that a hedge was quicker',
  },
  {
    name: 'window-never-forgets',
    rule: '5 a count window is of the last so many calls',
    ...WINDOW,
    find: 'if (forgotten) add(sums, forgotten, -1);',
    replace: '',
    fails: MODEL,
  },
  {
    name: 'time-stands-still',
    rule: '5 a time window forgets what ended before it',
    ...WINDOW,
    find: 'if (slot.at <= at - TIME_SLOTS) continue;',
    replace: '',
    fails: MODEL,
  },
  {
    name: 'minimum-out-of-reach',
    rule: '5 the least number of calls is at most the size of the window',
    ...WINDOW,
    find: 'minimumCalls: Math.min(size, limits.minimumCalls)',
    replace: 'minimumCalls: limits.minimumCalls',
    fails: MODEL,
  },
  {
    name: 'share-exceeded-not-reached',
    rule: '5 a share that is reached opens',
    ...WINDOW,
    find: 'failures / calls >= limits.failureRate',
    replace: 'failures / calls > limits.failureRate',
    fails: 'reaches a share exactly: 7 of 100 are 7 %',
  },
  {
    name: 'shares-multiplied',
    rule: '5 a share that is reached opens, whatever the rounding',
    ...WINDOW,
    find: 'failures / calls >= limits.failureRate',
    replace: 'failures >= limits.failureRate * calls',
    fails: 'reaches a share exactly: 7 of 100 are 7 %',
  },
  {
    name: 'slow-calls-are-good',
    rule: '5 slow calls open a breaker',
    ...WINDOW,
    find: 'if (isSlow) sums.slow += sign;',
    replace: '',
    fails: 'opens by slow calls alone, and closes when those that try are quick',
  },
  {
    name: 'guides-success-clears',
    rule: "5 the guides' breaker never clears its count by a success",
    ...GUIDES,
    find: "if (state.kind !== 'half-open') return;",
    replace: "if (state.kind === 'closed') state.failures = 0;\n    if (state.kind !== 'half-open') return;",
    fails: 'opens at its k-th failure, whatever successes lie between',
  },
  {
    name: 'guides-one-probe',
    rule: "5 any number of callers may try in the guides' half-open",
    ...GUIDES,
    find: "return {\n        isProbe: state.kind === 'half-open',",
    replace:
      "if (state.kind === 'half-open' && state.isTried) return 'one tries';\n      state.isTried = true;\n      return {\n        isProbe: state.kind === 'half-open',",
    fails: 'lets any number try in half-open; the first to end decides',
  },
  {
    name: 'cockatiel-line-without-exit',
    rule: '5 ending a call frees our resources at once',
    file: 'src/policies/cockatiel.ts',
    test: LIBRARIES,
    find: 'left.resolve(LEFT_THE_LINE);',
    replace: '',
    fails: 'lets a caller leave that line at once, and sends nothing for it',
  },
  {
    name: 'opossum-leaves-the-call',
    rule: '5 ending a call frees our resources at once',
    file: 'src/policies/opossum.ts',
    test: LIBRARIES,
    find: 'ended.abort();',
    replace: '',
    fails: 'ends a wait after its time-out, frees what it held, and counts it as a failure',
  },
  {
    name: 'grpc-repeats-promise',
    rule: '3.7 refused is only what surely had no effect',
    file: 'src/transports/grpc/status.ts',
    test: 'test/transports/grpc/retry.test.ts',
    find: "mayBeRepeat ? failure('connection-lost', false) : { ...failure('refused', true), isAway: true }",
    replace: "failure('refused', true)",
    fails: 'leave a call unknown that found nobody in the end',
  },
  {
    name: 'probes-drawn-twice',
    rule: '5 the timeline counts each call once',
    file: 'src/report/charts/breakers.ts',
    test: 'test/report/charts/breaker-timeline.test.ts',
    find: 'if (trying) trying.counts.probes += cell.probes;',
    replace: 'for (const stay of here) stay.counts.probes += cell.probes;',
    fails: 'has room for every width and moment, shows every state that was, and counts no call twice',
  },
];
