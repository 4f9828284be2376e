import type { Mutant } from '../mutant.ts';

const CAPACITY = { test: 'test/components/service/capacity.test.ts', fails: 'do exactly' };

/** What follows from the plan alone, with no figure of a machine in it (DESIGN 2, 5). */
export const mutants: readonly Mutant[] = [
  {
    name: 'slots-one-too-many',
    rule: '2 capacity is slots by hold',
    file: 'src/components/service/concurrency-limiter.ts',
    find: 'if (taken < size) {',
    replace: 'if (taken <= size) {',
    ...CAPACITY,
  },
  {
    name: 'hold-cut-short',
    rule: '2 capacity is slots by hold',
    file: 'src/components/service/processing.ts',
    find: 'alarm(clock.nowNs() + processingNs)',
    replace: 'alarm(clock.nowNs() + processingNs - 50_000)',
    ...CAPACITY,
  },
  {
    name: 'rabbitmq-automatic-by-hand',
    rule: '5 what is acknowledged as it is given out is lost with its consumer',
    file: 'src/transports/rabbitmq/server.ts',
    find: "noAck: options.acknowledge === 'on-delivery',",
    replace: 'noAck: false,',
    test: 'test/system/faults/acknowledged.test.ts',
    fails: 'killed with its slots taken',
  },
];
