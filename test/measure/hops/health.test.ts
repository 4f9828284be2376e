import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../src/kernel/clock.ts';
import {
  blastRadius,
  detection,
  falseOpens,
  harmed,
  isHealthy,
  propagation,
  recovery,
} from '../../../src/measure/hops/health.ts';
import type { EndpointFigures, HealthWindow, Hops } from '../../../src/measure/hops/hop-figures.ts';

const s = (n: number) => n * NS_PER_S;

/** One window a second, each from its second's begin to just before its end: `.` healthy, `x` not, `X` not at all. */
function windows(text: string): HealthWindow[] {
  return [...text].map((sign, i) => {
    return { fromNs: s(i), toNs: s(i + 0.98), planned: 50, healthy: { '.': 48, x: 47 }[sign] ?? 0 };
  });
}
/** Length of such a window. */
const WINDOW_NS = expect.closeTo(s(0.98), -2) as number;
const FAULT = { fromNs: s(3), toNs: s(6) };

it('a window is healthy from 95 % on: 48 of 50', () => {
  expect(windows('.x').map(isHealthy)).toEqual([true, false]);
  expect(isHealthy({ fromNs: 0, toNs: 1, planned: 100, healthy: 95 })).toBe(true);
});

describe('recovery', () => {
  it.each([
    ['...xxx.....', { state: 'recovered', afterNs: 0, windowNs: WINDOW_NS }],
    ['...xxxxx......', { state: 'recovered', afterNs: s(2), windowNs: WINDOW_NS }],
    // Four healthy ones in a row are no recovery.
    ['...xxx....x.....', { state: 'recovered', afterNs: s(5), windowNs: WINDOW_NS }],
    ['...xxx....x....', { state: 'not-recovered', watchedNs: s(9) }],
    ['...xxxxxxx', { state: 'not-recovered', watchedNs: s(4) }],
    // Too few windows are left to know.
    ['...xxx....', { state: 'not-recovered', watchedNs: s(4) }],
    ['..........', { state: 'never-harmed' }],
    // What was unhealthy before the fault is not its doing.
    ['.x........', { state: 'never-harmed' }],
    // The fault began in the middle of a window.
    ['X..X......', { state: 'recovered', afterNs: s(0), windowNs: WINDOW_NS }],
    // One window may be bad by chance, but not as bad as that.
    ['...x...', { state: 'never-harmed' }],
    ['...X...', { state: 'not-recovered', watchedNs: s(1) }],
  ] as const)('%s', (text, expected) => {
    const after = text === 'X..X......' ? { fromNs: s(3.5), toNs: s(5) } : FAULT;
    expect(recovery(windows(text), after, s(text.length))).toEqual(expected);
  });

  it('counts only windows that begin after the lifting', () => {
    const lifted = { fromNs: s(3), toNs: s(6.2) };
    expect(recovery(windows('...xxx......'), lifted, s(12))).toEqual({
      state: 'recovered',
      afterNs: s(0.8),
      windowNs: WINDOW_NS,
    });
  });

  it('does not assess a window that is too short', () => {
    const short = { fromNs: s(11), toNs: s(11.1), planned: 49, healthy: 0 };
    expect(recovery([...windows('...........'), short], FAULT, s(12)).state).toBe('never-harmed');
    const healthy = { ...short, healthy: 49 };
    expect(recovery([...windows('...xxxx....'), healthy], FAULT, s(12)).state).toBe('not-recovered');
  });

  it('says nothing where too little arrived since the fault', () => {
    expect(recovery(windows('...'), FAULT, s(12))).toEqual({ state: 'unjudged' });
    const short = windows('.......').map((window) => ({ ...window, planned: 49, healthy: 0 }));
    expect(recovery(short, FAULT, s(12))).toEqual({ state: 'unjudged' });
  });

  it('agrees with what one sees who looks at every window by hand', () => {
    const text = fc.array(fc.constantFrom('.', 'x'), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(text, (signs) => {
        const found = recovery(windows(signs.join('')), FAULT, s(signs.length));
        const at = signs.join('').slice(6).indexOf('.....');
        const isHarmed = signs.slice(3).filter((sign) => sign === 'x').length >= 2;
        if (signs.length <= 3) expect(found.state).toBe('unjudged');
        else if (!isHarmed) expect(found.state).toBe('never-harmed');
        else if (at >= 0) expect(found).toEqual({ state: 'recovered', afterNs: s(at), windowNs: WINDOW_NS });
        else expect(found).toEqual({ state: 'not-recovered', watchedNs: s(Math.max(0, signs.length - 6)) });
      }),
    );
  });
});

describe('harm', () => {
  const quiet = windows('..........');

  it('takes two unhealthy windows more than the control has in the span', () => {
    expect(harmed(windows('...xx.....'), quiet, FAULT)).toBe(true);
    expect(harmed(windows('...x......'), quiet, FAULT)).toBe(false);
    expect(harmed(windows('...xx.....'), windows('....x.....'), FAULT)).toBe(false);
    expect(harmed(windows('...xXx....'), windows('...xxx....'), FAULT)).toBe(false);
    expect(harmed(windows('xx....xxxx'), quiet, FAULT)).toBe(false);
  });

  it('takes one that is not even half healthy', () => {
    expect(harmed(windows('...X......'), quiet, FAULT)).toBe(true);
    expect(harmed([], [], FAULT)).toBe(false);
  });
});

describe('propagation', () => {
  const quiet = windows('..........');

  it('is the way from the fault to the first unhealthy window', () => {
    const windowNs = WINDOW_NS;
    expect(propagation(windows('x....xx...'), quiet, s(3))).toEqual({ afterNs: s(2), windowNs });
    expect(propagation(windows('...xx.....'), quiet, s(3.5))).toEqual({ afterNs: 0, windowNs });
    expect(propagation(windows('xx........'), quiet, s(3))).toBeNull();
  });

  it('is none where no more was harmed than in the control', () => {
    expect(propagation(windows('.....x....'), quiet, s(3))).toBeNull();
    expect(propagation(windows('....xxx...'), windows('....xx....'), s(3))).toBeNull();
    expect(propagation(windows('....xxxx..'), windows('....xx....'), s(3))).not.toBeNull();
  });
});

describe('detection', () => {
  const act = (edge: string, atS: number) => ({
    edge,
    policy: 'breaker',
    what: 'opened' as const,
    atNs: s(atS),
  });
  const protections: Hops['protections'] = [act('a', 1), act('b', 5), act('a', 4), act('a', 7)];

  it('is the first protective act of the fault', () => {
    expect(detection({ protections }, FAULT)).toBe(s(1));
    expect(detection({ protections }, FAULT, ['b'])).toBe(s(2));
    expect(detection({ protections }, FAULT, ['c'])).toBeNull();
    expect(detection({ protections }, { fromNs: s(5.5), toNs: s(6) })).toBeNull();
  });
});

it('a breaker that opens when nothing is wrong, nor just was, is a false alarm', () => {
  const opened = [0.5, 3, 5.9, 6.5, 7.5].map((atS) => ({
    edge: 'a',
    policy: 'breaker',
    cause: 'c',
    atNs: s(atS),
    to: 'opened' as const,
    isFalse: null,
  }));
  const closed = { ...opened[0]!, to: 'closed' as const };
  expect(falseOpens([...opened, closed], [FAULT])).toBe(2);
  expect(falseOpens([...opened, closed], [FAULT], 0)).toBe(3);
  expect(falseOpens([...opened, closed], [])).toBe(5);
});

it('a false alarm is one by the log of the service, whatever the clock says', () => {
  const trip = (atS: number, isFalse: boolean | null): Hops['transitions'][number] => {
    return { edge: 'a', policy: 'breaker', cause: 'c', atNs: s(atS), to: 'opened', isFalse };
  };
  // In the fault on a healthy service; long after it on one that still works off slowed messages.
  expect(falseOpens([trip(4, true)], [FAULT])).toBe(1);
  expect(falseOpens([trip(9, false)], [FAULT])).toBe(0);
});

it('the blast radius tells endpoints that depend on others from those that do not', () => {
  const endpoint = (operation: string, text: string): EndpointFigures => ({
    operation,
    title: `the ${operation}`,
    objectiveNs: null,
    phases: [],
    windows: windows(text),
  });
  const control = ['buy', 'pay', 'look', 'list'].map((name) => endpoint(name, '..........'));
  const found = [
    endpoint('buy', '...xxx....'),
    endpoint('pay', '..........'),
    endpoint('look', '....xx....'),
    endpoint('list', '.......xxx'),
  ];
  const isDependent = (operation: string) => ['buy', 'pay'].includes(operation);
  expect(blastRadius(found, control, FAULT, isDependent)).toEqual({
    dependent: { harmed: 1, of: 2, names: ['the buy'], undetermined: [] },
    independent: { harmed: 1, of: 2, names: ['the look'], undetermined: [] },
  });
  // Nothing arrived that could have been harmed: that is no proof of health.
  const silent = endpoint('list', '...');
  expect(blastRadius([...found.slice(0, 3), silent], control, FAULT, isDependent).independent).toEqual({
    harmed: 1,
    of: 1,
    names: ['the look'],
    undetermined: ['the list'],
  });
});
