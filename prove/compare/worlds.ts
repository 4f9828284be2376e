import { autocorrelated, type Noise } from './noise.ts';

/**
 * Machines on which comparisons are simulated. What is assumed by the method, and what its level comes from, is the
 * first one: logarithms of ratios that are normal, independent, with no drift. The others are otherwise on purpose:
 * they drift, swing, jump, remember, and have heavy tails. Values are logarithms: 0.1 is 10 %.
 */
export interface World {
  readonly name: string;
  /** In words, for the report. */
  readonly what: string;
  /** The machine over one comparison: what it adds to each trial, one after the other. */
  begin(noise: Noise): () => number;
}

export const WORLDS: readonly World[] = [
  {
    name: 'as-assumed',
    what: 'what the method assumes: independent, normal, 3 % a trial, no drift',
    begin: (noise) => () => 0.03 * noise.normal(),
  },
  {
    name: 'drifting',
    what: 'falls by 17 % as it warms up, swings by 5 % with a period of 7.3 trials, autocorrelated 0.6 (3 %), 2 % a trial',
    begin(noise) {
      const level = autocorrelated(noise, 0.6);
      const phase = noise.next();
      let trial = 0;
      return () => {
        const at = trial++;
        const warmUp = 0.17 * Math.exp(-at / 12);
        return (
          warmUp + 0.05 * Math.sin(2 * Math.PI * (at / 7.3 + phase)) + 0.03 * level() + 0.02 * noise.normal()
        );
      };
    },
  },
  {
    name: 'neighbours',
    what: 'a neighbour comes (in 1 of 12 trials) and goes (1 of 5): 15 % more, and twice the noise; autocorrelated 0.8 (4 %); heavy tails (t with 3 degrees of freedom, 3 %)',
    begin(noise) {
      const level = autocorrelated(noise, 0.8);
      let isBusy = noise.next() < 0.3;
      return () => {
        isBusy = isBusy ? noise.next() >= 1 / 5 : noise.next() < 1 / 12;
        return (isBusy ? 0.15 : 0) + 0.04 * level() + (isBusy ? 0.06 : 0.03) * noise.heavy(3);
      };
    },
  },
  {
    name: 'noisy',
    what: 'as bad as was seen: 14 % a trial with heavy tails (t with 5), wandering off by 3 % a trial',
    begin(noise) {
      let level = 0;
      return () => {
        level += 0.03 * noise.normal();
        return level + 0.14 * noise.heavy(5);
      };
    },
  },
];
