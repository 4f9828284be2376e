import { ALL, type Course, OUTSIDE, OWNERS } from './course.ts';
import type { End } from './ends.ts';

/** Six trials: two patterns, each with its no-op baseline, a latency trial and an outage. From the very first start on. */
export const patternsCourse: Course = {
  name: 'patterns',
  plan: 3,
  evidence: 'leaks.json',
  scenario: (fault) => `name: leaks
title: A short run to be killed
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
  - { id: queue, title: Message queue, transport: rabbitmq, interaction: work-queue }
durationMs: 1000
deadlineMs: 250
rounds: 1
warmUp: { calls: 1500, probeMs: 500 }
serviceOutage: { atMs: 1000, forMs: 1000, recoveryMs: 500, do: ${fault} }
`,
  trials: 6,
  stages: {
    install: { begins: /commbench: installing/g, occurrences: 1, lastsMs: 10_000, alive: OUTSIDE },
    fetch: { begins: /RabbitMQ: fetching it/g, occurrences: 1, lastsMs: 6000, alive: OWNERS },
    provisioning: {
      begins: /RabbitMQ [\d.]+: starting/g,
      occurrences: 1,
      lastsMs: 4500,
      alive: [...OWNERS, 'broker'],
    },
    'warm-up': { begins: /^ {2}warm-up/gm, occurrences: 6, lastsMs: 2000, alive: ALL },
    measuring: { begins: /^ {2}baseline/gm, occurrences: 6, lastsMs: 600, alive: ALL },
    outage: {
      begins: /^ {2}outage, \d/gm,
      occurrences: 2,
      lastsMs: 950,
      alive: [...OWNERS, 'broker', 'generator'],
    },
    // The generator ends as soon as it has written its instants.
    drain: {
      begins: /^ {2}draining/gm,
      occurrences: 6,
      lastsMs: 330,
      alive: [...OWNERS, 'broker', 'service'],
      late: { service: [0, 3], broker: [0, 3] },
    },
    report: {
      begins: /^6\/6 .*: (?!started)/gm,
      occurrences: 1,
      lastsMs: 1000,
      alive: [...OWNERS, 'broker'],
      late: { reaper: [0], broker: [0] },
    },
  },
  nothing: ['--patterns', 'queue', '--skip-brokers'],
  endsWithoutBroker,
};

/** Another one is started before the next trial: only the trial that was using it is harmed. */
function endsWithoutBroker(textBefore: string): readonly End[] {
  const trial = [...textBefore.matchAll(/^\d+\/\d+ (.+), .*: started$/gm)].at(-1)?.[1];
  if (trial !== undefined) return trial === 'Message queue' ? [3] : [0];
  // Idle, it is replaced, unless that is noticed only by the first trial; before that its patterns are not run.
  return textBefore.includes('when idle') ? [0, 3] : [3];
}
