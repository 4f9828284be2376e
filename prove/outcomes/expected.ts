import { type Expected, holds, order } from './outcome.ts';
import {
  amplified,
  COMPLETE,
  correctAfter,
  detects,
  doneInFault,
  drains,
  duplicatesAt,
  ends,
  fateOfAccepted,
  harms,
  loses,
  LOST_NOTHING,
  lostToFault,
  opensFalsely,
  orderOfRecovery,
  takes,
  wastedBy,
} from './words.ts';

/**
 * What each fault scenario is to show, from the arithmetic in its own file and from the guides' statements: listed
 * before the first run, and the same for every seed.
 */
export const EXPECTED: readonly Expected[] = [
  {
    scenario: 'circuit-breaker',
    outcomes: [
      COMPLETE,
      ...['none', 'retry', 'breaker'].map((variant) => loses({ variant }, 'none')),
      // What a fallback answers is not done: its price.
      loses({ variant: 'fallback' }, 'some'),
      // Without a breaker the slow dependency takes the slots of those who don't need it.
      ...harms({ variant: 'none' }, { dependent: '1 of 1', independent: '1 of 1' }),
      ...harms({ variant: 'retry' }, { dependent: '1 of 1', independent: '1 of 1' }),
      ...harms({ variant: 'breaker' }, { dependent: '1 of 1', independent: '0 of 1' }),
      ...harms({ variant: 'fallback' }, { independent: '0 of 1' }),
      ends({ variant: 'none' }, 'recovered'),
      ends({ variant: 'retry' }, 'recovered'),
      ends({ variant: 'breaker' }, 'recovered'),
      order('amplification', {}, 'retry > none > breaker', amplified),
      holds('most orders are lost', { variant: 'none' }, (seen) => lostToFault(seen) > 0.5),
      holds('hardly an order is lost', { variant: 'fallback' }, (seen) => lostToFault(seen) < 0.05),
      detects({ variant: 'none' }, 'no'),
      detects({ variant: 'breaker' }, 'yes'),
      detects({ variant: 'fallback' }, 'yes'),
      opensFalsely({ variant: 'breaker' }, 'no'),
      opensFalsely({ variant: 'fallback' }, 'no'),
    ],
  },
  {
    scenario: 'cascade',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      // Refused at once, nobody waits: the cascade ends where it began.
      ...harms({ variant: 'synchronous', case: 'killed' }, { dependent: '1 of 1', independent: '0 of 3' }),
      ...['frozen', 'slow'].flatMap((which) =>
        harms({ variant: 'synchronous', case: which }, { dependent: '1 of 1', independent: '3 of 3' }),
      ),
      ...['killed', 'frozen', 'slow'].flatMap((which) => [
        ends({ variant: 'synchronous', case: which }, 'recovered'),
        // What fails fast, and is kept to its share, takes nothing from others.
        ...harms({ variant: 'bulkhead', case: which }, { dependent: '1 of 1', independent: '0 of 3' }),
        // The policies of the brokers, over REST: somebody waits for whoever is patient.
        ...harms({ variant: 'retry', case: which }, { dependent: '1 of 1', independent: '3 of 3' }),
        ...['rabbitmq', 'kafka'].flatMap((variant) => [
          ...harms({ variant, case: which }, { dependent: '0 of 1', independent: '0 of 3' }),
          ends({ variant, case: which }, 'never-harmed'),
          drains({ variant, case: which }),
        ]),
      ]),
      // What is loose to the service is tight to its broker.
      ...harms({ variant: 'rabbitmq', case: 'rabbitmq-killed' }, { dependent: '1 of 1' }),
      ...harms({ variant: 'kafka', case: 'kafka-killed' }, { dependent: '1 of 1' }),
    ],
  },
  {
    scenario: 'retry-storm',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      ends({ variant: 'retry', case: 'frozen' }, 'not-recovered'),
      ends({ variant: 'retry', case: 'shed' }, 'recovered, load shed'),
      ends({ variant: 'budget', case: 'frozen' }, 'recovered'),
      ends({ variant: 'breaker', case: 'frozen' }, 'recovered'),
      order('amplification', { case: 'frozen' }, 'retry > budget > breaker', amplified),
    ],
  },
  {
    scenario: 'duplicate-writes',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      duplicatesAt({ variant: 'once' }, 'users', 'none'),
      duplicatesAt({ variant: 'retry' }, 'users', 'some'),
      duplicatesAt({ variant: 'key' }, 'users', 'none'),
      duplicatesAt({ variant: 'retry' }, 'gateway', 'none'),
      order('calls lost', {}, 'once > retry', lostToFault),
      order('calls lost', {}, 'once > key', lostToFault),
    ],
  },
  {
    scenario: 'bulkhead',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      ...harms({ variant: 'none' }, { dependent: '1 of 1', independent: '2 of 2' }),
      ...harms({ variant: 'bulkhead' }, { dependent: '1 of 1', independent: '0 of 2' }),
      ends({ variant: 'none' }, 'recovered'),
      ends({ variant: 'bulkhead' }, 'recovered'),
    ],
  },
  {
    scenario: 'hedging',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      order('wait at p99.9', {}, 'none > hedge', takes('response', 0.999)),
      holds('one try a call', { variant: 'none' }, (seen) => amplified(seen) === 1),
      holds('1 to 20 % more tries', { variant: 'hedge' }, (seen) => {
        const times = amplified(seen) ?? NaN;
        return times > 1.01 && times < 1.2;
      }),
    ],
  },
  {
    scenario: 'deadline',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      order('work wasted at stock', {}, 'none > deadline', wastedBy('stock')),
      order('correct after the spike', {}, 'deadline > none', correctAfter),
      orderOfRecovery({}, 'none > deadline'),
      ends({ variant: 'deadline' }, 'recovered'),
    ],
  },
  {
    scenario: 'slow-consumer',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      ...harms({ pattern: 'rest' }, { dependent: '1 of 1' }),
      ends({ pattern: 'rest' }, 'recovered'),
      ...['queue', 'events'].flatMap((pattern) => [ends({ pattern }, 'never-harmed'), drains({ pattern })]),
    ],
  },
  {
    scenario: 'load-spike',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      ...['rest', 'grpc'].flatMap((pattern) => [
        ...harms({ pattern }, { dependent: '1 of 1' }),
        ends({ pattern }, 'recovered'),
      ]),
      ...['queue', 'events'].flatMap((pattern) => [ends({ pattern }, 'never-harmed'), drains({ pattern })]),
    ],
  },
  {
    scenario: 'hang',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      ...harms({ variant: 'none' }, { dependent: '1 of 1', independent: '1 of 1' }),
      ...harms({ variant: 'timeout' }, { dependent: '1 of 1', independent: '0 of 1' }),
      ends({ variant: 'none' }, 'recovered'),
      ends({ variant: 'timeout' }, 'recovered'),
    ],
  },
  {
    scenario: 'consumers',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      ...['queue', 'events'].map((pattern) =>
        order('time until done', { pattern }, 'one > two > four > eight', takes('completion', 0.5)),
      ),
    ],
  },
  {
    scenario: 'poison-message',
    outcomes: [
      COMPLETE,
      holds(
        'some are dead-lettered',
        { pattern: 'dead-letter' },
        (seen) => fateOfAccepted(seen).deadLettered > 0,
      ),
      holds(
        'all others are done',
        { pattern: 'dead-letter' },
        (seen) => fateOfAccepted(seen).lostShare === 0,
      ),
      holds(
        'none is dead-lettered',
        { pattern: 'requeue' },
        (seen) => fateOfAccepted(seen).deadLettered === 0,
      ),
      // The first of them is at the head of the queue for ever: what comes after it, more than half, is never reached.
      holds(
        'more than 40 % are never done',
        { pattern: 'requeue' },
        (seen) => fateOfAccepted(seen).lostShare > 0.4,
      ),
    ],
  },
  {
    scenario: 'broker-backlog',
    outcomes: [COMPLETE, LOST_NOTHING, drains({ pattern: 'queue' })],
  },
  {
    scenario: 'broker-down',
    outcomes: [
      COMPLETE,
      LOST_NOTHING,
      // Alike over both brokers: what is done is a matter of patience, not of the broker.
      ...['queue', 'events'].flatMap((broker) =>
        ['', '-wait', '-keep'].flatMap((patience) => {
          const pattern = broker + patience;
          const isKept = patience === '-keep';
          return [
            ...harms({ pattern }, { dependent: '1 of 1' }),
            ends({ pattern }, 'recovered'),
            drains({ pattern }),
            holds(isKept ? 'nearly all is done' : 'next to nothing is done', { pattern }, (seen) =>
              isKept ? doneInFault(seen) > 0.9 : doneInFault(seen) < 0.05,
            ),
          ];
        }),
      ),
      ...harms({ pattern: 'events-shipped' }, { dependent: '1 of 1' }),
      ...harms({ pattern: 'queue-shipped' }, { dependent: '1 of 1' }),
      ends({ pattern: 'queue-shipped' }, 'not-recovered'),
    ],
  },
];
