import { assessPairs } from '../../src/measure/stats/gate.ts';
import {
  apart,
  EVERY_PAIR,
  METHOD,
  type Outcome,
  paired,
  type Sessions,
  type Setting,
  switchback,
} from './simulate.ts';
import { type World, WORLDS } from './worlds.ts';

export const MARGIN = 0.05;
/** True changes, as multiples of the margin. */
export const CHANGES = [0, 1, 2, 4] as const;

/** One thing that is simulated over and over. */
export interface Cell {
  readonly name: string;
  readonly what: string;
  readonly times: (typeof CHANGES)[number];
  /** A method that is known to be wrong: that it errs too often shows that this proof would notice. */
  readonly isControl: boolean;
  compare(setting: Setting): Outcome;
}

const worldOf = (name: string) => WORLDS.find((world) => world.name === name)!;
const SWITCHBACK_WORLDS = ['as-assumed', 'drifting', 'neighbours'].map(worldOf);

const APART: readonly (Sessions & { readonly name: string; readonly what: string })[] = [
  {
    name: 'one-each',
    what: 'a run of 5 rounds on either side; runs lie 14 % apart with heavy tails, rounds remember (0.7)',
    runs: 1,
    rounds: 5,
    isMixed: false,
    between: 0.14,
    correlation: 0.7,
  },
  {
    name: 'five-each-by-turns',
    what: '5 runs of 3 rounds on either side, made by turns; runs lie 4 % apart with heavy tails',
    runs: 5,
    rounds: 3,
    isMixed: true,
    between: 0.04,
    correlation: 0.7,
  },
];

export const CELLS: readonly Cell[] = [
  ...WORLDS.flatMap((world) => cellsOf(`pairs ${world.name}`, world, (setting) => paired(world, setting))),
  ...SWITCHBACK_WORLDS.flatMap((world) =>
    cellsOf(`switchback ${world.name}`, world, (setting) => switchback(world, setting)),
  ),
  ...APART.flatMap((sessions) =>
    cellsOf(`apart ${sessions.name}`, sessions, (setting) => apart(setting, sessions)),
  ),
  ...controls(),
];

function cellsOf(name: string, { what }: Pick<World, 'what'>, compare: Cell['compare']): Cell[] {
  return CHANGES.map((times) => ({ name, what, times, isControl: false, compare }));
}

function controls(): Cell[] {
  const world = worldOf('as-assumed');
  const looks = METHOD.looks;
  const wrong = (name: string, what: string, compare: Cell['compare']): Cell => ({
    name: `wrong: ${name}`,
    what,
    times: 1,
    isControl: true,
    compare,
  });
  return [
    wrong('every-pair', 'a plain 95 % interval after every pair from the third on', (setting) =>
      paired(world, setting, EVERY_PAIR),
    ),
    wrong('blocks-as-pairs', 'switchback whose blocks count as independent', (setting) =>
      switchback(
        world,
        setting,
        { looks, assess: (all, margin) => assessPairs(all, margin, all.length) },
        (blocks) => blocks,
      ),
    ),
  ];
}
