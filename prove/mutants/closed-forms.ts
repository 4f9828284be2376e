import type { Mutant } from '../mutant.ts';

const CAPACITY = { test: 'test/components/service/capacity.test.ts', fails: 'do exactly' };

/** What follows from the plan alone, with no figure of a machine in it (DESIGN 2, 5). */
export const mutants: readonly Mutant[] = [
  {
    name: 'never-answered-is-never-observed',
    rule: '5 a hang is observed by callers that were never answered, too',
    file: 'src/trial/ended-attempts.ts',
    find: 'endedNs: Number.isNaN(endedNs) ? Infinity : endedNs,',
    replace: 'endedNs,',
    test: 'test/trial/faults/fault-counts.test.ts',
    fails: 'a hang is observed by arrivals that were never answered',
  },
  {
    name: 'lifted-and-not-over',
    rule: '5 faults of a service strike by the clock: a fault that was lifted is over',
    file: 'src/components/service/hop-strikes.ts',
    find: 'atNs >= fromMs * NS_PER_MS && atNs < toMs * NS_PER_MS',
    replace: 'atNs >= fromMs * NS_PER_MS && atNs < 2 * toMs * NS_PER_MS',
    test: 'test/components/service/hop.test.ts',
    fails: 'are over when the fault is lifted: a queue that it filled is then worked off at full speed',
  },
  {
    name: 'ready-while-messages-are-still-slow',
    rule: '5 a recovery counts from the last struck message',
    file: 'src/trial/faults/fault-messages.ts',
    find: "return by?.kind === 'delay' || by?.kind === 'hang' ? atNs + by.ms * NS_PER_MS : atNs;",
    replace: 'return atNs;',
    test: 'test/trial/faults/fault-counts.test.ts',
    fails: 'a service is ready when the last message that was struck is processed',
  },
  {
    name: 'concurrency-one-too-many',
    rule: '2 capacity is concurrency over processing time',
    file: 'src/components/service/concurrency-limiter.ts',
    find: 'if (taken < size) {',
    replace: 'if (taken <= size) {',
    ...CAPACITY,
  },
  {
    name: 'processing-cut-short',
    rule: '2 capacity is concurrency over processing time',
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
    fails: 'killed at full concurrency',
  },
];
