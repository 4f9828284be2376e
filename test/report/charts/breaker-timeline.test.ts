import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakersChart } from '../../../src/report/charts/breakers.ts';
import { ASCII, drawStates, type Glyphs } from '../../../src/report/charts/draw-states.ts';
import type { Hops } from '../../../src/measure/hops/hop-figures.ts';

type Transition = Hops['transitions'][number];
type Admission = Hops['admissions'][number];
const S = 1e9;

function change(
  atS: number,
  to: Transition['to'],
  cause: string,
  more: Partial<Transition> = {},
): Transition {
  return {
    edge: 'orders-payments',
    policy: 'circuit-breaker',
    atNs: atS * S,
    to,
    cause,
    isFalse: null,
    ...more,
  };
}

function calls(atS: number, probes: number, rejected: number): Admission {
  return { edge: 'orders-payments', atNs: Math.round(atS * S), probes, rejected };
}

const PHASES = [
  { name: 'baseline', fromNs: 0, toNs: 2 * S },
  { name: 'down', fromNs: 2 * S, toNs: 6 * S },
  { name: 'recovery', fromNs: 6 * S, toNs: 10 * S },
];
const SEEN: Pick<Hops, 'transitions' | 'admissions'> = {
  transitions: [
    change(2.31, 'opened', '5 failures in a row'),
    change(4.32, 'half-open', '2000 ms after it opened'),
    change(4.33, 'opened', '2 of 2 calls failed'),
    change(6.34, 'half-open', '2000 ms after it opened'),
    change(7.1, 'closed', 'few enough of 2 calls failed or were slow'),
  ],
  admissions: [calls(2.3, 0, 40), calls(3.5, 0, 1772), calls(4.3, 2, 5), calls(5, 0, 3), calls(6.3, 2, 1)],
};

function drawBreakers(
  hops: Pick<Hops, 'transitions' | 'admissions'>,
  phases: typeof PHASES,
  width: number,
  glyphs?: Glyphs,
): string[] {
  const chart = breakersChart('breakers', hops, phases);
  return chart ? drawStates(chart, width, glyphs) : [];
}

describe("a breaker's timeline", () => {
  it('shows the fault, the states, and what each change came from', () => {
    expect(drawBreakers(SEEN, PHASES, 67)).toEqual([
      'fault                      ├────── down ──────┤',
      'orders-payments  ───────────▒▒▒▒▒▒▒▒▒▒░▒▒▒▒▒▒▒▒▒░░░░───────────────',
      '                 0 s       2 s       4 s       6 s       8 s',
      '                 ─ closed  ▒ open  ░ half-open',
      'orders-payments:',
      '   2.31 s  opened: 5 failures in a row, 1,817 rejected',
      '   4.32 s  half-open: 2000 ms after it opened, 2 probes',
      '   4.33 s  opened: 2 of 2 calls failed, 4 rejected',
      '   6.34 s  half-open: 2000 ms after it opened, 2 probes',
      '   7.10 s  closed: few enough of 2 calls failed or were slow',
    ]);
  });

  it('needs no more than ASCII', () => {
    const lines = drawBreakers(SEEN, PHASES, 67, ASCII);
    expect(lines.slice(0, 2)).toEqual([
      'fault                      [====== down ======]',
      'orders-payments  -----------##########:#########::::---------------',
    ]);
    expect(lines.join('')).toMatch(/^[ -~]*$/);
  });

  it('is empty where no breaker ever changed', () => {
    expect(drawBreakers({ transitions: [], admissions: [] }, PHASES, 80)).toEqual([]);
  });

  it('begins with the state that the load found, and goes on to its end with the last', () => {
    const transitions = [change(-0.5, 'opened', 'cold'), change(9, 'half-open', 'late')];
    const [fault, bar] = drawBreakers(
      { transitions, admissions: [] },
      [{ name: 'control', fromNs: 0, toNs: 10 * S }],
      37,
      ASCII,
    );
    expect(fault).toBe('fault            [==== control =====]');
    expect(bar).toBe('orders-payments  ##################::');
  });

  it('keeps breakers of one edge apart, and says nothing of calls that may be of either', () => {
    const transitions = [change(1, 'opened', 'a'), change(2, 'opened', 'b', { policy: 'opossum' })];
    const lines = drawBreakers({ transitions, admissions: [calls(3, 0, 9)] }, PHASES, 80, ASCII);
    expect(lines.slice(5)).toEqual([
      'orders-payments circuit-breaker:',
      '   1.00 s  opened: a',
      'orders-payments opossum:',
      '   2.00 s  opened: b',
    ]);
  });

  it('tells how it began and how it ended, and of much between only how much', () => {
    const transitions = Array.from({ length: 41 }, (_, i) =>
      change(i / 5, i % 2 === 0 ? 'opened' : 'half-open', `change ${i}`),
    );
    const admissions = [calls(4, 3, 60), calls(5, 1, 10), calls(8, 0, 7)];
    const lines = drawBreakers({ transitions, admissions }, PHASES, 80);
    expect(lines.slice(5).map((line) => line.trim().replace(/^.* s  /, ''))).toEqual([
      'opened: change 0',
      'half-open: change 1, 0 probes',
      'opened: change 2',
      'half-open: change 3, 0 probes',
      'opened: change 4',
      'half-open: change 5, 0 probes',
      'opened: change 6',
      '30 more: 15 opened, 15 half-open, 0 closed; 4 probes, 70 rejected',
      'half-open: change 37, 0 probes',
      'opened: change 38',
      'half-open: change 39, 0 probes',
      'opened: change 40, 7 rejected',
    ]);
  });

  it('has room for every width and moment, shows every state that was, and counts no call twice', () => {
    const plan = fc.record({
      // Far apart, and several within one interval of 100 ms.
      atsMs: fc
        .constantFrom(300, 9999)
        .chain((max) => fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 12 })),
      width: fc.integer({ min: 40, max: 200 }),
      cells: fc.uniqueArray(fc.oneof(fc.nat(3), fc.nat(99))),
    });
    fc.assert(
      fc.property(plan, ({ atsMs, width, cells }) => {
        const order = ['opened', 'half-open', 'closed'] as const;
        const sorted = atsMs.toSorted((a, b) => a - b);
        const transitions = sorted.map((ms, i) => change(ms / 1000, order[i % 3]!, 'x'));
        const admissions = cells.map((n) => calls(n / 10, 1, 1));
        const lines = drawBreakers({ transitions, admissions }, PHASES, width, ASCII);
        for (const line of lines.slice(0, 4)) expect(line.length).toBeLessThanOrEqual(Math.max(width, 50));
        // A half-open of any length hides what else was in its cell, and nothing hides it.
        if (sorted.length >= 2) expect(lines[1]).toContain(':');
        const sum = (what: RegExp): number =>
          lines.reduce((n, line) => n + Number(what.exec(line)?.[1] ?? 0), 0);
        expect(sum(/(\d+) probes?/)).toBeLessThanOrEqual(cells.length);
        expect(sum(/(\d+) rejected/)).toBeLessThanOrEqual(cells.length);
      }),
    );
  });
});
