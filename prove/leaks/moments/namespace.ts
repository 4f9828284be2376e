import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectIn, FIRST_LOAD, meet, type Moment, scenarioOf, type Seen } from './moment.ts';

/** A network of its own, which has nothing but its loopback. */
const NAME = `cbleak-${process.pid}`;

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}

function openNetwork(): Disposable {
  ip('netns', 'add', NAME);
  ip('-n', NAME, 'link', 'set', 'lo', 'up');
  return { [Symbol.dispose]: () => ip('netns', 'del', NAME) };
}

function lose(id: string, pattern: Parameters<typeof scenarioOf>[0], forMs: number): Moment {
  return {
    id,
    async run(ground) {
      using _network = openNetwork();
      const loopback = (state: string) => ip('-n', NAME, 'link', 'set', 'lo', state);
      // Awaited here, as the network ends with this function.
      return await meet(
        id,
        {
          scenario: scenarioOf(pattern),
          begins: FIRST_LOAD,
          afterMs: 500,
          wrap: (command) => ['ip', 'netns', 'exec', NAME, ...command],
          async act() {
            loopback('down');
            if (forMs === Infinity) return;
            await sleep(forMs);
            loopback('up');
          },
          ends: forMs === Infinity ? [3] : [0, 3],
          check: (seen) => [...struckIsMarked(seen), ...(forMs === Infinity ? noneIsDone(seen) : [])],
        },
        ground,
      );
    },
  };
}

function struckIsMarked({ trials }: Seen): string[] {
  return (trials[0] ?? 'valid').startsWith('valid') ? [`the struck trial is ${trials[0]}`] : [];
}

function noneIsDone({ trials }: Seen): string[] {
  return expectIn(
    trials.slice(1, 2),
    /warm-up|could not prepare|did not|was lost|not available/,
    'the second trial',
  );
}

export const moments: readonly Moment[] = [
  lose('namespace, REST, for 2 s', 'rest', 2000),
  lose('namespace, REST, for good', 'rest', Infinity),
  lose('namespace, RabbitMQ, for 2 s', 'queue', 2000),
  lose('namespace, RabbitMQ, for good', 'queue', Infinity),
  lose('namespace, Kafka, for good', 'kafka', Infinity),
];
