import { beforeAll, describe, expect, test } from 'vitest';
import { assess, type Assessed } from '../../../src/analysis/claims/assess.ts';
import { CLAIMS } from '../../../src/commands/all-claims.ts';
import { whyText } from '../../../src/report/claims/why-text.ts';
import { rulesView, verdictsView } from '../../../src/report/claims/claims-view.ts';
import { printed } from '../../support/reporters.ts';
import type { Result } from '../../../src/record/record.ts';
import { type Fate, toldResult } from '../../support/fault-results.ts';

const NONE: Fate = { correct: { createUser: 0, getUser: 0.2 } };
/** Those of the golden texts: one more changes none of them. */
const IDS =
  '1a 1b 1c 2a 2b 3a 3b 4a 4b 4c 5 6 7a 7b 8 9a 9b 10a 10b 11 12 13a 13b 14 15 16 17 18 19 20 21 22 breaker consumer retry';
const PRINTED = CLAIMS.filter(({ id }) => IDS.split(' ').includes(id));
let held: Result;
let refuted: Result;
let partial: Result;
beforeAll(async () => {
  const timeout: Fate = { correct: { createUser: 0 } };
  held = await toldResult('hang', ({ variant }) => (variant === 'none' ? NONE : timeout));
  refuted = await toldResult('hang', () => NONE);
  partial = await toldResult('hang', ({ variant }) => (variant === 'none' ? NONE : undefined));
});

const at = (file: string, day: number, result: Result) => ({
  file,
  result: { ...result, startedAt: `2026-11-0${day}T10:00:00.000Z` },
});

function hang(all: readonly Assessed[]) {
  const found = all.find(({ claim }) => claim.id === '8')!;
  if (!('assessment' in found)) throw new Error('Expected a claim that can be tested');
  return [found.assessment.verdict, found.file];
}

describe('which result decides', () => {
  test('the newest, in whatever order they are given', () => {
    const both = [at('new.json', 2, refuted), at('old.json', 1, held)];
    expect(hang(assess(CLAIMS, both))).toEqual(['contradicted', 'new.json']);
    expect(hang(assess(CLAIMS, both.toReversed()))).toEqual(['contradicted', 'new.json']);
  });
  test('an older one only where the newest lacks a trial', () => {
    const some = [at('new.json', 2, partial), at('old.json', 1, held)];
    expect(hang(assess(CLAIMS, some))).toEqual(['supported', 'old.json']);
  });
  test('what the newest has and cannot tell, an older one does not tell either', () => {
    const hasCaveat = {
      ...held,
      trials: held.trials.map((trial) => ({
        ...trial,
        validity: { verdict: 'incomplete' as const, causes: [], boundQuantiles: [] },
      })),
    };
    const both = [at('new.json', 2, hasCaveat), at('old.json', 1, held)];
    expect(hang(assess(CLAIMS, both))).toEqual(['inconclusive', 'new.json']);
  });
  test('without any, the command that would tell', () => {
    const all = assess(CLAIMS, []);
    const of = (id: string) => all.find(({ claim }) => claim.id === id)!;
    const told = (id: string) => {
      const one = of(id);
      return 'assessment' in one ? [one.assessment.verdict, whyText(one)] : null;
    };
    expect(told('8')).toEqual(['inconclusive', 'not run: commbench run hang']);
    expect(told('breaker')).toEqual(['inconclusive', 'not run: commbench run circuit-breaker --all']);
    expect(of('20')).toEqual({ claim: expect.objectContaining({ scenario: null }) as unknown });
  });
});

test('verdicts stand first, then how each was assessed, with its figures and its file', async () => {
  const view = verdictsView(assess(PRINTED, [at('hang.json', 1, held)]));
  const text = printed(view, 'table', { explain: true });
  expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
  await expect(text).toMatchFileSnapshot('../../golden/claims-120.txt');
});

test('without results: what to run, and by which rule it is assessed', async () => {
  const text = printed(rulesView(PRINTED), 'table', { explain: true });
  await expect(text).toMatchFileSnapshot('../../golden/claims-rules-120.txt');
});

test('it fits a narrow terminal, and markdown says the same', () => {
  const view = verdictsView(assess(PRINTED, [at('hang.json', 1, held)]));
  const narrow = printed(view, 'table', { explain: true, width: 60 });
  expect(narrow.split('\n').filter((line) => line.length > 60)).toEqual([]);
  const markdown = printed(view, 'markdown', { explain: true });
  expect(markdown).toContain('| 8 | Never wait forever: add time-outs | C | supported |');
  expect(markdown).not.toContain('Thresholds');
});
