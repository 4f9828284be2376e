import type { Work } from './record.ts';

const FREEZE = { ratePerS: 500, seconds: 10, freezeMs: 1400 } as const;
const HOLD = { ratePerS: 200, processingMs: 20 } as const;

/** Of one turn at most: more than this the recorder does not hold, and would look like requests never sent. */
export const MOST_ARRIVALS = 2_000_000;

export interface WorkOptions {
  readonly ratesPerS: readonly number[];
  /** Of each work but the freeze, whose truth needs its own. */
  readonly seconds: number;
  /** Only the rates: no freeze, no held answers, no single request. */
  readonly ratesOnly: boolean;
}

/** What every tool of a protocol is put to. */
export function worksOf(protocol: Work['protocol'], { ratesPerS, seconds, ratesOnly }: WorkOptions): Work[] {
  const plain = { protocol, ratePerS: 0, seconds: 0, processingMs: 0, freezeMs: 0 } as const;
  const rates = [...new Set(ratesPerS)].map((ratePerS): Work => {
    return { ...plain, id: `${protocol}-rate-${ratePerS}`, kind: 'rate', ratePerS, seconds };
  });
  if (ratesOnly) return rates;
  return [
    ...rates,
    { ...plain, id: `${protocol}-freeze`, kind: 'freeze', ...FREEZE },
    { ...plain, id: `${protocol}-hold`, kind: 'hold', ...HOLD, seconds },
    { ...plain, id: `${protocol}-one`, kind: 'one' },
  ];
}
