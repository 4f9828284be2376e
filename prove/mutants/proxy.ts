import type { Mutant } from '../mutant.ts';

const LANE = { file: 'src/components/proxy/proxy-lane.ts', test: 'test/components/proxy/proxy-lane.test.ts' };
const PROCESS = 'test/components/proxy/proxy.test.ts';
const WHOLE = 'everything comes out once, in order and before the end';

/** The proxy of connection faults (DESIGN 5). */
export const mutants: readonly Mutant[] = [
  {
    name: 'proxy-drops-the-rest-of-a-chunk',
    rule: '5 a proxy drops nothing but with its connection',
    ...LANE,
    find: 'if (rest) first.passing = rest;\n      else waiting.shift();',
    replace: 'waiting.shift();',
    fails: WHOLE,
  },
  {
    name: 'proxy-overtakes',
    rule: '5 what a proxy held comes in order',
    ...LANE,
    find: 'waiting.push({ passing, cameNs: nowNs });',
    replace: 'waiting.unshift({ passing, cameNs: nowNs });',
    fails: WHOLE,
  },
  {
    name: 'proxy-delays-half',
    rule: '5 a delay is as long as it says',
    ...LANE,
    find: 'Math.ceil(state.ms * NS_PER_MS)',
    replace: 'Math.ceil((state.ms * NS_PER_MS) / 2)',
    fails: 'a delay lets each chunk pass at its own instant',
  },
  {
    name: 'proxy-passes-without-paying',
    rule: '5 no more passes than the bandwidth',
    ...LANE,
    find: 'level -= taken * NS_PER_S;',
    replace: 'level -= (taken * NS_PER_S) / 2;',
    fails: 'no span of time lets more pass than the bandwidth',
  },
  {
    name: 'proxy-saves-up-bandwidth',
    rule: '5 no more passes than the bandwidth',
    ...LANE,
    find: 'Math.min(burst * NS_PER_S, level + (nowNs - atNs) * bytesPerS)',
    replace: 'level + (nowNs - atNs) * bytesPerS',
    fails: 'no span of time lets more pass than the bandwidth',
  },
  {
    name: 'proxy-leaks-in-a-black-hole',
    rule: '5 nothing passes in a black hole, in either direction',
    ...LANE,
    find: "if (!first || state?.kind === 'black-hole') return Infinity;",
    replace: "if (!first || (state?.kind === 'black-hole' && first.passing.kind !== 'end')) return Infinity;",
    fails: 'a black hole has no instant at which to look again',
  },
  {
    name: 'proxy-reads-without-bound',
    rule: '8 every queue has a bound',
    file: 'src/components/proxy/proxy-direction.ts',
    test: PROCESS,
    find: 'const isFull = lane.waitingBytes >= MOST_BYTES;',
    replace: 'const isFull = lane.waitingBytes >= 100 * MOST_BYTES;',
    fails: 'holds no more than it may',
  },
  {
    name: 'proxy-mixes-up-closed-and-reset',
    rule: '5 refuse closes open connections, reset resets them',
    file: 'src/components/proxy/proxy-link.ts',
    test: PROCESS,
    find: "void (how === 'reset' ? resetNow(socket) : socket.destroy())",
    replace: "void (how === 'reset' ? socket.destroy() : resetNow(socket))",
    fails: 'refuses: open connections are closed',
  },
  {
    name: 'proxy-swallows-resets',
    rule: '5 a proxy passes on how a connection ended',
    file: 'src/components/proxy/proxy-direction.ts',
    test: PROCESS,
    find: "if (isBroken) arrive({ kind: 'reset' });",
    replace: "if (isBroken) arrive({ kind: 'end' });",
    fails: 'passes a reset on',
  },
];
