import { describe, expect, test } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis.ts';
import { dependenceOf } from '../../../src/analysis/patterns/alternatives.ts';
import { runFindings } from '../../../src/analysis/findings/run.ts';
import type { PatternRecord, Result } from '../../../src/record/record.ts';
import { sentencesIn } from '../../../src/report/report.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { phaseOf, REST, resultOf, trialOf } from '../../support/result.ts';

describe('whether a word holds with every form', () => {
  test.each([
    [[['high'], ['high']], 'holds'],
    [[['medium'], ['high']], 'depends'],
    [[['medium'], ['high'], ['low', 'medium', 'high']], 'depends'],
    [[['low', 'medium'], ['high']], 'depends'],
    [[['medium', 'high'], ['high']], 'inconclusive'],
    [[['low', 'medium', 'high'], ['high']], 'inconclusive'],
  ] as const)('%j: %s', (levels, dependence) => {
    expect(dependenceOf(levels)).toBe(dependence);
  });
});

const PATTERNS = [
  { id: 'rest', to: null, by: null, completionMs: 0.4 },
  { id: 'rest-fetch', to: 'rest', by: 'library', completionMs: 1.2 },
  { id: 'grpc', to: null, by: null, completionMs: 1.2 },
  { id: 'grpc-connect', to: 'grpc', by: 'library', completionMs: 1.3 },
  { id: 'queue', to: null, by: null, completionMs: 0.42 },
  { id: 'queue-client', to: 'queue', by: 'library', completionMs: 1.5 },
  { id: 'queue-tuned', to: 'queue', by: 'settings', completionMs: 0.42 },
] as const;
const TRANSPORTS: Readonly<Record<string, string>> = { rest: 'rest', grpc: 'grpc', queue: 'rabbitmq' };

/** Completion times by a formula: each pattern's own, hardly different from round to round. */
function made(rounds = 4): Result {
  const records = PATTERNS.map(({ id }): PatternRecord => ({ ...REST, id, title: id }));
  const scenario = scenarioSchema.parse({
    name: 'libraries',
    title: 'Libraries',
    reference: 'rest',
    rounds,
    noop: false,
    patterns: PATTERNS.map(({ id, to, by }) => {
      const transport = TRANSPORTS[(to ?? id).split('-')[0]!]!;
      const interaction = transport === 'rabbitmq' ? 'work-queue' : 'request-reply';
      const claims = { useCase: 'x', latency: 'low', complexity: 'low', coupling: 'tight' };
      return {
        id,
        title: id,
        transport,
        interaction,
        ...(to === null ? {} : { alternative: { to, by } }),
        ...(id === 'grpc' ? { claimed: claims } : {}),
        ...(id === 'queue' ? { claimed: { ...claims, latency: 'variable' } } : {}),
      };
    }),
  });
  const trials = Array.from({ length: rounds }, (_, round) =>
    PATTERNS.map(({ id, completionMs }, i) => {
      const shape = { leastMs: completionMs, tailMs: 0.02 };
      return trialOf({
        id: round * PATTERNS.length + i + 1,
        pattern: id,
        round: round + 1,
        phases: [phaseOf(400, shape, shape, 100 * round + i)],
      });
    }),
  ).flat();
  return { ...resultOf(records, trials), scenario };
}

test('the finding names what holds with both libraries, what depends on them, and what does with settings', () => {
  const found = runFindings(analysisOf(made()));
  const verdicts = found
    .filter(({ code }) => code.endsWith('-dependence'))
    .map(({ code, subject, verdict }) => [code, subject[0]!.id, verdict]);
  expect(verdicts).toEqual([
    ['library-dependence', 'rest', 'depends'],
    ['library-dependence', 'grpc', 'holds'],
    ['library-dependence', 'queue', 'depends'],
    ['settings-dependence', 'queue', 'holds'],
  ]);
  const grpc = found.find(({ subject }) => subject[0]?.id === 'grpc')!;
  expect(grpc.terms).toEqual({ claimed: 'low', 'level-grpc': 'high', 'level-grpc-connect': 'high' });
  expect(grpc.caveats).toMatchObject([{ code: 'other-reference-medium', of: 'rest-fetch' }]);
  const ratio = grpc.figures.find(({ name, of }) => name === 'completion-ratio' && of === 'grpc-connect')!;
  expect(ratio.value).toBeCloseTo(1.3 / 0.4, 0);
  expect(ratio.interval!.low).toBeLessThan(ratio.value!);
});

test('in words: claimed and found, the other reference, and each form where it depends', () => {
  const [libraries, settings] = sentencesIn(viewOf(made()));
  expect(libraries).toMatch(
    /^By library: the latency word holds for grpc high \(guides: low; medium beside rest-fetch\); it depends on it for rest medium, /,
  );
  expect(libraries).toMatch(/; queue medium 1\.\d\d×, queue-client high 3\.\d\d×\.$/);
  expect(settings).toBe('By settings: the latency word holds for queue medium.');
});

test('one round has no interval: nothing is said to hold', () => {
  const view = viewOf(made(1));
  expect(sentencesIn(view).slice(0, 2)).toEqual([
    'By library: the latency word is inconclusive for rest; grpc; queue.',
    'By settings: the latency word is inconclusive for queue.',
  ]);
  const [table] = view.screen.tables;
  const ratio = table!.columns.findIndex(({ id }) => id === 'ratio');
  expect(table!.rows.map(({ cells }) => cells[ratio]!.text)).toEqual([
    'reference',
    ...PATTERNS.slice(1).map(() => '1 of 2 rounds'),
  ]);
});

test('the screen has a row for each form, its ratio and its word', () => {
  const [table] = viewOf(made()).screen.tables;
  expect(table!.id).toBe('alternatives');
  const column = (id: string) => table!.columns.findIndex((one) => one.id === id);
  const cells = (pattern: string) => table!.rows.find((row) => row.pattern === pattern)!.cells;
  expect(table!.rows.map(({ pattern }) => pattern)).toEqual(PATTERNS.map(({ id }) => id));
  expect(cells('rest')[column('ratio')]!.text).toBe('reference');
  expect(cells('grpc')[column('word')]!.text).toBe('low → high');
  // No level contradicts that it is variable.
  expect(cells('queue')[column('word')]!.text).toBe('medium');
  expect(cells('queue')[column('holds')]!.text).toBe('depends on library');
  expect(cells('queue-tuned')[column('holds')]!.text).toBe('holds (settings)');
  expect(cells('queue-client')[column('holds')]!.text).toBe('–');
});
