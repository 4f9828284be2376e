/** One kind of comparison, made again and again. */
export interface Series {
  readonly name: string;
  /** What it shows, as the summary has it. */
  readonly title: string;
  readonly pattern: 'rest' | 'queue' | 'own';
  readonly mode: 'pairs' | 'switchback';
  /** Changes of either arm; none in both: A/A. */
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** Share of all cores that other programs take meanwhile; default: none. */
  readonly others?: number;
  /** How many are to be made. */
  readonly count: number;
}

const PATTERNS = {
  rest: { id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' },
  queue: { id: 'queue', title: 'Message queue', transport: 'rabbitmq', interaction: 'work-queue' },
  own: { id: 'own', title: 'A server', transport: 'rest', interaction: 'request-reply' },
} as const;

/** Nothing else may listen there. */
const PORT = { a: 18391, b: 18392 };
const urlOf = (port: number) => `http://127.0.0.1:${port}/`;

/** Of the baseline's handler. */
const DELAY_MS = 2;

/** Trials as short as they can be and still be valid: a median of 200 calls. */
export function scenarioText({ pattern }: Series): string {
  return JSON.stringify({
    name: `compare-real-${pattern}`,
    title: 'Comparisons for real',
    patterns: [PATTERNS[pattern]],
    load: { shape: 'constant', ratePerS: 200 },
    durationMs: 1000,
    service: { processingMs: DELAY_MS },
    warmUp: { calls: 600 },
    ...(pattern === 'own' ? { targets: { own: { url: urlOf(PORT.a) } } } : {}),
  });
}

const slower = (processingMs: number) => [`service.processingMs=${processingMs}`];
/** Response times of the baseline are about 2.6 ms at the median: so much more is 20 % and 10 % of that. */
const BY_20 = slower(2.52);
const BY_10 = slower(2.26);

/** From the checkout that is measured, in which the comparison is run; no place on this machine gets into the evidence. */
const SERVER = 'prove/compare-real/server.ts';
/** An arm whose work of `workMs` a request is done when the next block has begun. */
const deferring = (arm: 'a' | 'b', workMs: number) => [
  `command=node ${SERVER} ${PORT[arm]} ${workMs}`,
  `target=${urlOf(PORT[arm])}`,
];
/** Half of the server's time at the load of the series: its median call just meets no work. */
const DEFERRED = { a: deferring('a', 0), b: deferring('b', 2.5) };
/** Seven tenths of it: most calls wait for the work of those before them. */
const DEFERRED_MORE = { a: deferring('a', 0), b: deferring('b', 3.5) };

export const SERIES: readonly Series[] = [
  { name: 'aa-rest', title: 'REST, A/A', pattern: 'rest', mode: 'pairs', a: [], b: [], count: 20 },
  { name: 'aa-queue', title: 'Message queue, A/A', pattern: 'queue', mode: 'pairs', a: [], b: [], count: 10 },
  { name: 'rest-20', title: 'REST, 20 % slower', pattern: 'rest', mode: 'pairs', a: [], b: BY_20, count: 20 },
  { name: 'rest-10', title: 'REST, 10 % slower', pattern: 'rest', mode: 'pairs', a: [], b: BY_10, count: 10 },
  {
    name: 'aa-rest-switchback',
    title: 'REST, A/A, switchback',
    pattern: 'rest',
    mode: 'switchback',
    a: [],
    b: [],
    count: 10,
  },
  {
    name: 'rest-20-switchback',
    title: 'REST, 20 % slower, switchback',
    pattern: 'rest',
    mode: 'switchback',
    a: [],
    b: BY_20,
    count: 5,
  },
  {
    name: 'rest-10-switchback',
    title: 'REST, 10 % slower, switchback',
    pattern: 'rest',
    mode: 'switchback',
    a: [],
    b: BY_10,
    count: 10,
  },
  ...[0.3, 0.6].flatMap((others): Series[] => {
    const percent = 100 * others;
    const beside = `other programs at ${percent} % of the cores`;
    const common = { pattern: 'rest', mode: 'pairs', a: [], count: 10, others } as const;
    return [
      { name: `aa-rest-beside-${percent}`, title: `REST, A/A, ${beside}`, b: [], ...common },
      { name: `rest-20-beside-${percent}`, title: `REST, 20 % slower, ${beside}`, b: BY_20, ...common },
    ];
  }),
  {
    name: 'deferred',
    title: 'Work of 2.5 ms done 250 ms later',
    pattern: 'own',
    mode: 'pairs',
    ...DEFERRED,
    count: 1,
  },
  {
    name: 'deferred-more',
    title: 'Work of 3.5 ms done 250 ms later',
    pattern: 'own',
    mode: 'pairs',
    ...DEFERRED_MORE,
    count: 3,
  },
  {
    name: 'deferred-more-switchback',
    title: 'Work of 3.5 ms done 250 ms later, switchback',
    pattern: 'own',
    mode: 'switchback',
    ...DEFERRED_MORE,
    count: 2,
  },
];
