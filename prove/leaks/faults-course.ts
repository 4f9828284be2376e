import { ALL, type Course, OWNERS } from './course.ts';
import type { End } from './ends.ts';

/**
 * Four trials of a topology: a no-op baseline, a control, and two with faults, in whose midst it is killed: a proxy is a
 * black hole, a service or a Kafka is killed, or frozen. The Kafka's fault lasts as long as both others, so that
 * all of the control's phases have two names, and no stage begins in it.
 */
export const faultsCourse: Course = {
  name: 'faults',
  plan: 1,
  evidence: 'leaks-faults.json',
  scenario: (fault) => `name: leaks
title: A short run of faults to be killed
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
services: [{ id: storefront }, { id: orders }, { id: billing }]
edges:
  - { from: storefront, to: orders }
  - { from: orders, to: billing, transport: kafka, interaction: event-stream }
load: { shape: constant, ratePerS: 100 }
durationMs: 4000
deadlineMs: 250
rounds: 1
warmUp: { calls: 1500, probeMs: 500 }
watchRecovery: false
cases:
  - id: service
    title: Link and service
    faults:
      - { id: link, do: black-hole, on: storefront-orders, atMs: 500, forMs: 1000 }
      - { id: service, do: ${fault}, on: orders, atMs: 1500, forMs: 1500 }
  - id: broker
    title: Broker
    faults:
      - { id: broker, do: ${fault}, on: kafka, atMs: 500, forMs: 2500 }
`,
  trials: 4,
  stages: {
    link: {
      begins: /^ {2}link, \d/gm,
      occurrences: 1,
      lastsMs: 950,
      alive: [...ALL, 'proxy'],
    },
    service: {
      begins: /^ {2}service, \d/gm,
      occurrences: 1,
      lastsMs: 1450,
      alive: [...OWNERS, 'generator', 'proxy', 'broker'],
    },
    broker: {
      begins: /^ {2}broker, \d/gm,
      occurrences: 1,
      lastsMs: 1450,
      alive: [...OWNERS, 'generator', 'proxy', 'service'],
    },
    drain: {
      begins: /^ {2}draining/gm,
      occurrences: 4,
      lastsMs: 330,
      alive: [...OWNERS, 'broker', 'service', 'proxy'],
      late: { service: [0, 3], broker: [0, 3], proxy: [0, 3] },
    },
  },
  nothing: ['--skip-brokers'],
  endsWithoutBroker,
};

/** Every trial needs it but the no-op baseline, before which another one is started. */
function endsWithoutBroker(textBefore: string): readonly End[] {
  const trial = [...textBefore.matchAll(/^\d+\/\d+ (.+): started$/gm)].at(-1)?.[1] ?? '';
  return trial.endsWith('no-op baseline') ? [0, 3] : [3];
}
