/** What is done to a real trial over REST, and the verdicts that it must get. */
export interface Case {
  readonly name: string;
  readonly cause: string;
  /** Of the scenario, in place of its own. */
  readonly ratePerS: number;
  readonly processingMs: number;
  /** Begins when the trial's load is about to. */
  readonly interference: 'none' | 'stop' | 'nice' | 'hog';
  readonly expected: Expected;
}

export interface Expected {
  /** The trial's verdict; with `because` one of its causes, whose words begin so. */
  readonly validity: 'valid' | 'generator-bound' | 'disturbed';
  readonly because?: string;
  /** Null: whatever it is. */
  readonly load: 'sustained' | 'saturated' | null;
  /** Everything was sent, at the rate that was asked for: the rate alone proves nothing. */
  readonly isRateReached: boolean;
}

export const CONCURRENCY = 10;
export const DURATION_MS = 3000;
/** Of 50 ms the generator is stopped for so long: a third of 200/s is late. */
export const STOPPED = { everyMs: 50, forMs: 16 } as const;
/** A concurrency of 10 × 40 ms makes 250/s: twice that is nothing to the generator. */
const DELAY_MS = 40;

export const CASES: readonly Case[] = [
  {
    name: 'healthy',
    cause: 'nothing',
    ratePerS: 200,
    processingMs: 0,
    interference: 'none',
    expected: { validity: 'valid', load: 'sustained', isRateReached: true },
  },
  {
    name: 'stopped-generator',
    cause: `SIGSTOP to the generator, ${STOPPED.forMs} of every ${STOPPED.everyMs} ms`,
    ratePerS: 200,
    processingMs: 0,
    interference: 'stop',
    expected: { validity: 'generator-bound', load: null, isRateReached: true },
  },
  {
    name: 'starved-generator',
    cause: 'the generator at nice 19, its session at nice 11, with two spinning processes on every core',
    ratePerS: 200,
    processingMs: 0,
    interference: 'nice',
    expected: { validity: 'generator-bound', load: null, isRateReached: true },
  },
  {
    name: 'hog',
    cause: 'a spinning process on every core, not ours',
    ratePerS: 200,
    processingMs: 0,
    interference: 'hog',
    // A generator that is late for the hog's sake is both, and named after the first.
    expected: {
      validity: 'disturbed',
      because: 'CPU use of other processes',
      load: null,
      isRateReached: true,
    },
  },
  {
    name: 'overloaded',
    cause: 'a service at twice its capacity: 10 slots × 40 ms are 250/s, asked for 500/s',
    ratePerS: 500,
    processingMs: DELAY_MS,
    interference: 'none',
    expected: { validity: 'valid', load: 'saturated', isRateReached: true },
  },
];

/** The verdicts on one trial. */
export interface Seen {
  readonly validity: string;
  readonly load: string;
  readonly causes: readonly { readonly cause: string; readonly detail: string }[];
  /** Sent per second of the load, as a share of the rate asked for. */
  readonly reached: number;
  readonly othersShare: number | null;
}

const LEAST_REACHED = 0.99;

export function isAsExpected({ validity, because, load, isRateReached }: Expected, seen: Seen): boolean {
  const isRated =
    because === undefined
      ? seen.validity === validity
      : seen.causes.some(({ cause, detail }) => cause === validity && detail.startsWith(because));
  const isLoad = load === null || seen.load === load;
  return isRated && isLoad && (!isRateReached || seen.reached >= LEAST_REACHED);
}
