import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { FAULTS } from '../../../src/faults/faults.ts';
import { POLICIES } from '../../../src/policies/policies.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { parseSetting } from '../../../src/scenario/load/override.ts';
import { loadCatalogue, transportNames } from '../../../src/transports/discover.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `name: shop
title: Shop
mix: [{ operation: createUser }, { operation: getUser }]
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
services:
  - { id: front }
  - { id: orders }
  - { id: ledger }
edges:
  - { id: order, from: front, to: orders, operations: [createUser], policies: [careful] }
  - { from: orders, to: ledger, transport: rabbitmq, interaction: work-queue }
policies:
  careful: [{ policy: retry }, { policy: timeout, ms: 100 }]
variants:
  - { id: plain, title: Plain }
  - { id: kafka, title: Kafka, edges: [{ id: orders-ledger, transport: kafka, interaction: event-stream }] }
watchRecovery: false
faults:
  - { do: kill, on: ledger, atMs: 500, forMs: 1000 }
  - { do: freeze, on: kafka, atMs: 500, forMs: 1000 }
  - { do: latency, on: orders, atMs: 500, forMs: 1000 }
  - { do: reset, on: order, atMs: 500, forMs: 1000 }
  - { do: load, factor: 2, atMs: 500, forMs: 1000 }
`;

/** Without the file's name: lines, columns, paths and what is said of them. */
async function problemsIn(text: string): Promise<string[]> {
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, text);
  const found: unknown = await loadScenario(file, [], await loadCatalogue()).catch((error: unknown) => error);
  if (!(found instanceof Error)) return [];
  return found.message
    .split('\n')
    .slice(1)
    .map((line) => withoutLists(line.replace(`${file}:`, '').trim()));
}

/** In place of whatever there is of a kind, the kind. */
function withoutLists(line: string): string {
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ');
  return line
    .replace(names(POLICIES), '<policies>')
    .replace(names(FAULTS), '<faults>')
    .replace(transportNames().join(', '), '<transports>');
}

/** Of the good scenario with some of its fields replaced, without places. */
async function problemsWith(change: object): Promise<string[]> {
  const text = stringify({ ...(parse(GOOD) as object), ...change });
  return (await problemsIn(text)).map((line) => line.replace(/^\d+:\d+ /, ''));
}

const kill = { do: 'kill', on: 'ledger', atMs: 500, forMs: 1000 };
const others = [{ id: 'orders' }, { id: 'ledger' }];

test('every fault of every layer, on what it acts on', async () => {
  expect(await problemsIn(GOOD)).toEqual([]);
});

test('all mistakes at once, each with its line and path', async () => {
  const text = GOOD.replace('{ id: front }', '{ id: front, slotz: 3 }')
    .replace('operations: [createUser], policies: [careful]', 'operations: [createUsr], policies: [carefull]')
    .replace('to: ledger, transport: rabbitmq', 'to: leger, transport: rabitmq')
    .replace('[{ policy: retry }, ', '[{ policy: rety }, ')
    .replace('id: orders-ledger', 'id: order-ledger')
    .replace('on: kafka, atMs: 500, forMs: 1000', 'on: order, atMs: 2500, forMs: 1000')
    .replace('do: reset, on: order', 'do: reset, on: orders')
    .replace('mix:', 'idleBusy: {}\nmix:');
  expect(await problemsIn(text)).toMatchInlineSnapshot(`
    [
      "3:11 idleBusy: idleBusy measures a single service and cannot be combined with services: use \`faults\` or \`cases\`",
      "8:18 services[0].slotz: Expected one of id, concurrency, queue, processingMs, idempotent, errorShare, found slotz",
      "12:56 edges[0].operations[0]: Expected an operation of users, found createUsr. Did you mean createUser?",
      "12:79 edges[0].policies[0]: Expected a policy, or the name of a stack, found carefull. Did you mean careful?",
      "13:25 edges[1].to: Expected a service, found leger. Did you mean ledger?",
      "13:43 edges[1].transport: Expected one of <transports>, found rabitmq. Did you mean rabbitmq?",
      "15:23 policies.careful[0].policy: Expected one of <policies>, found "rety". Did you mean retry?",
      "18:46 variants[1].edges[0].id: Expected an edge's id, found order-ledger. Did you mean orders-leger?",
      "22:23 faults[1].on: freeze is a fault of the layer process: expected a service or a broker, found order. Did you mean orders?",
      "22:49 faults[1].forMs: The fault ends at 3500 ms, after the end of the trial (durationMs 3000)",
      "24:22 faults[3].on: reset is a fault of the layer connection: expected an edge, found orders. Did you mean order?",
    ]
  `);
});

test('what is wrong by itself hides nothing else that is wrong, and is no cause of more', async () => {
  const problems = await problemsWith({
    services: [{ id: 'front', concurrency: 'many' }, ...others],
    faults: [{ ...kill, do: 'kil' }],
    edges: [
      { from: 'front', to: 'orders', policies: [{ policy: 'timeout', ms: -1 }, 'nothing-of-this-name'] },
      { from: 'orders', to: 'ledger', transport: 'rst', operations: ['createUser'] },
    ],
    variants: [],
  });
  expect(problems).toEqual([
    'services[0].concurrency: Expected a number, found "many"',
    'edges[0].policies[0].ms: Expected at least 1, found -1',
    'edges[0].policies[1]: Expected a policy, or the name of a stack, found nothing-of-this-name. Known: careful, guides-rest-retry, istio, patient.',
    'edges[1].transport: Expected one of <transports>, found rst. Did you mean rest?',
    'faults[0].do: Expected one of <faults>, found "kil". Did you mean kill?',
  ]);
});

test('a wrong entry of a list hides no other one, and each is told where it stands', async () => {
  const latency = { do: 'latency', on: 'front', atMs: 100, forMs: 100 };
  const cases = (faults: readonly object[]) => [
    {
      id: 'one',
      title: 'one',
      faults: [{ do: 'kil' }, latency, { ...latency, atMs: 'soon' }, { ...kill, on: 'leger' }],
    },
    { id: 'two', faults },
    { id: 'three', title: 'three', faults: [{ ...kill, atMs: 9000 }] },
  ];
  const problems = await problemsWith({ variants: [], faults: [], cases: cases([latency]) });
  expect(problems).toEqual([
    expect.stringMatching(/^cases\[0\]\.faults\[0\]\.do: .* Did you mean kill\?$/),
    'cases[0].faults[2].atMs: Expected a number, found "soon"',
    expect.stringMatching(/^cases\[0\]\.faults\[3\]\.on: .* found leger\. Did you mean ledger\?$/),
    'cases[1].title: Expected a text, found nothing',
    'cases[2].faults[0].forMs: The fault ends at 10000 ms, after the end of the trial (durationMs 3000)',
  ]);
});

describe('a topology', () => {
  const plain = { variants: [], faults: [kill] };
  const edge = (from: string, to: string, more = {}) => ({ from, to, operations: ['createUser'], ...more });

  test.each([
    [
      'a cycle is named',
      [edge('front', 'orders'), edge('orders', 'ledger'), edge('ledger', 'orders')],
      'edges[2]: Services call each other in a cycle: orders → ledger → orders; each would wait for its own reply',
    ],
    [
      'to itself',
      [edge('front', 'orders'), edge('orders', 'ledger'), edge('orders', 'orders')],
      'edges[2].to: The service orders cannot call itself',
    ],
    [
      'to the first',
      [edge('front', 'orders'), edge('orders', 'ledger'), edge('ledger', 'front')],
      'edges[2].to: Only the generator calls the first service, front: choose another one',
    ],
    [
      'nobody calls it',
      [edge('front', 'orders')],
      'services[2].id: No edge leads to the service ledger, and the generator calls only the first one',
    ],
    [
      'twice the same way',
      [edge('front', 'orders'), edge('orders', 'ledger'), edge('front', 'orders')],
      'edges[2]: The id front-orders is used twice. Give it an id of its own',
    ],
    [
      'a name for two things',
      [edge('front', 'orders'), edge('orders', 'ledger', { id: 'ledger' })],
      'edges[1].id: The name ledger is reserved or used already: choose another one',
    ],
    [
      'a stream',
      [
        edge('front', 'orders'),
        edge('orders', 'ledger', { transport: 'grpc', interaction: 'server-stream' }),
      ],
      'edges[1].interaction: An edge cannot be server-stream: only the generator receives streams',
    ],
    [
      'an interaction that its transport lacks',
      [edge('front', 'orders'), edge('orders', 'ledger', { interaction: 'work-queue' })],
      'edges[1].interaction: Expected an interaction that REST offers (request-reply), found work-queue',
    ],
    [
      'a read that nobody hears',
      [
        edge('front', 'orders', { operations: ['createUser', 'getUser'] }),
        { from: 'orders', to: 'ledger', transport: 'rabbitmq', interaction: 'work-queue' },
      ],
      "edges[1].interaction: work-queue has no reply, so it cannot carry reads: getUser. Remove them from the edge's operations",
    ],
  ])('%s', async (_name, edges, problem) => {
    expect(await problemsWith({ ...plain, edges })).toEqual([problem]);
  });

  test('a variant is assessed by what it changes, and told there', async () => {
    const edges = [edge('front', 'orders'), edge('orders', 'ledger')];
    const changed = [
      {
        id: 'front-orders',
        transport: 'kafka',
        interaction: 'event-stream',
        operations: ['getUser'],
        options: { ack: 1 },
      },
    ];
    const problems = await problemsWith({
      edges,
      faults: [],
      variants: [{ id: 'v', title: 'V', edges: changed }],
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^variants\[0\]\.edges\[0\]\.operations: event-stream has no reply, so it cannot carry reads: getUser/,
      ),
      expect.stringMatching(
        /^variants\[0\]\.edges\[0\]\.options\.ack: Expected one of client, .* Did you mean acks\?$/,
      ),
    ]);
  });

  test('what is measured of one service does not stand beside services', async () => {
    const taken = { serviceOutage: {}, brokerOutage: {}, idleBusy: {}, wireBytes: {}, deadlineMs: 500 };
    const patterns = [
      { id: 'q', title: 'Q', transport: 'rabbitmq', interaction: 'publish-subscribe', subscribers: 2 },
    ];
    const variants = [{ id: 'v', title: 'V', service: { concurrency: 3 } }];
    const mix = [{ operation: 'createUser' }];
    expect(
      (await problemsWith({ ...taken, variants, patterns, mix, faults: [] })).map((p) => p.split(':')[0]),
    ).toEqual([
      'patterns[0].subscribers',
      'variants[0].service',
      'serviceOutage',
      'brokerOutage',
      'idleBusy',
      'wireBytes',
    ]);
  });

  test('edges, endpoints and an objective are of something', async () => {
    const none = {
      services: [],
      faults: [],
      variants: [],
      endpoints: [{ operation: 'createUser', title: 'T' }],
      objectiveMs: 5,
    };
    expect((await problemsWith(none)).map((p) => p.split(':')[0])).toEqual([
      'edges',
      'endpoints',
      'objectiveMs',
    ]);
  });
});

describe('faults', () => {
  const at = { atMs: 500, forMs: 1000 };
  test.each([
    [
      { ...kill, on: 'order' },
      'faults[0].on: kill is a fault of the layer process: expected a service or a broker, found order',
    ],
    [
      { do: 'error', on: 'rabbitmq', ...at },
      'faults[0].on: error is a fault of the layer application: expected a service, found rabbitmq',
    ],
    [
      { do: 'refuse', ...at },
      'faults[0]: refuse is a fault of the layer connection: expected an edge, found nothing',
    ],
    [
      { do: 'load', factor: 2, on: 'front', ...at },
      'faults[0].on: load is a fault of the layer load: expected no `on`, found front',
    ],
    [
      { ...kill, forMs: 3000 },
      'faults[0].forMs: The fault ends at 3500 ms, after the end of the trial (durationMs 3000)',
    ],
  ])('%j', async (fault, problem) => {
    const [found, ...more] = await problemsWith({ faults: [fault] });
    expect(found).toContain(problem);
    expect(more).toEqual([]);
  });

  test('faults or cases', async () => {
    const cases = [
      { id: 'x', title: 'X', faults: [{ ...kill, on: 'leger' }] },
      { id: 'x', title: 'Y', faults: [kill] },
    ];
    expect(await problemsWith({ cases })).toEqual([
      'cases: `faults` and `cases` exclude each other: remove one of them',
      'cases[0].faults[0].on: kill is a fault of the layer process: expected a service or a broker, found leger. Did you mean ledger?',
      'cases[1].id: The id x is used twice',
    ]);
  });

  test('a factor multiplies one rate, and no more arrive than any load may send', async () => {
    const spike = (factor: number) => ({ do: 'load', factor, ...at });
    const load = { shape: 'poisson', ratePerS: 100 };
    expect(await problemsWith({ load, faults: [spike(2)] })).toEqual([
      'load.shape: A fault of the load multiplies a constant rate: expected the shape constant, found poisson',
    ]);
    // 200/s of the default load, 20 times 20 while both last.
    expect(await problemsWith({ faults: [spike(20), spike(20)] })).toEqual([
      'faults[0].factor: Expected at most 50000 arrivals per second during the fault, found 80000',
      'faults[1].factor: Expected at most 50000 arrivals per second during the fault, found 80000',
    ]);
  });

  test('without services it is the service, or the broker of each pattern', async () => {
    const rows = (...transports: string[]) =>
      transports.map((transport, i) => {
        const interaction =
          transport === 'rest' ? 'request-reply' : transport === 'kafka' ? 'event-stream' : 'work-queue';
        return { id: `r${i}`, title: transport, transport, interaction };
      });
    const alone = { services: [], edges: [], variants: [], mix: [{ operation: 'createUser' }] };
    const aimed = async (on: string, ...transports: string[]) =>
      (await problemsWith({ ...alone, patterns: rows(...transports), faults: [{ do: 'kill', on, ...at }] }))
        .length;
    expect(await aimed('service', 'rest', 'kafka')).toBe(0);
    expect(await aimed('broker', 'rabbitmq', 'kafka')).toBe(0);
    expect(await aimed('kafka', 'kafka')).toBe(0);
    expect(await aimed('kafka', 'rabbitmq', 'kafka')).toBe(1);
    expect(await aimed('broker', 'rest', 'kafka')).toBe(1);
  });
});

describe('faults on one timeline', () => {
  const onLedger = (change: object) => ({ ...kill, ...change });
  const reset = { do: 'reset', on: 'order', atMs: 500, forMs: 1000 };

  test.each([
    // Who is away can't be frozen, and whoever is started again twice stands in its own way.
    [[kill, onLedger({ do: 'freeze', atMs: 1400 })], /^faults\[1\]\.atMs: .* process on ledger overlap/],
    [[onLedger({ atMs: 1400 }), kill], /^faults\[1\]\.atMs: .* kill lasts from 1400 to 2400/],
    // A link is in one state: the end of the first would be the end of the second.
    [[reset, { ...reset, do: 'black-hole', atMs: 600 }], /^faults\[1\]\.atMs: .* on order overlap/],
    // Whoever was killed is still starting when the next one comes, in whatever order they are written.
    [
      [kill, onLedger({ atMs: 1500 })],
      /^faults\[1\]\.atMs: .* follow each other too soon: kill lasts until 1500 ms.* at 2500 ms or later/,
    ],
    [
      [onLedger({ do: 'freeze', atMs: 2400, forMs: 500 }), kill],
      /^faults\[0\]\.atMs: .* on ledger follow each other too soon/,
    ],
    // By nobody's name it is the first service.
    [[onLedger({ on: undefined }), onLedger({ on: 'front' })], /^faults\[1\]\.atMs: .* on front overlap/],
    // The objective is taken from the phase of that name.
    [[onLedger({ id: 'baseline' })], /^faults\[0\]\.id: The id baseline is reserved/],
  ])('%j', async (faults, problem) => {
    expect(await problemsWith({ faults })).toEqual([expect.stringMatching(problem)]);
  });

  test('one after the other, on two targets, of two layers, or in two cases', async () => {
    const after = onLedger({ do: 'freeze', atMs: 2500, forMs: 500 });
    const faults = [kill, after, onLedger({ on: 'orders' }), reset, onLedger({ do: 'latency' })];
    expect(await problemsWith({ faults })).toEqual([]);
    const cases = ['a', 'b'].map((id) => ({ id, title: id, faults: [kill] }));
    expect(await problemsWith({ faults: [], cases })).toEqual([]);
  });
});

describe('everything that is wrong, in one pass', () => {
  test('a whole field that is wrong hides only what depends on it', async () => {
    const problems = await problemsWith({
      title: 5,
      durationMs: 'long',
      rounds: 0,
      deadlineMs: null,
      mix: [{ operation: 'createUsr' }],
      edges: [
        { from: 'front', to: 'orders', transport: 'rst', operations: ['createUser'] },
        { from: 'orders', to: 'ledger', operations: ['creatUser'] },
      ],
      faults: [{ ...kill, on: 'leger', atMs: 9000 }],
      variants: [],
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'title',
      'mix[0].operation',
      'edges[0].transport',
      'edges[1].operations[0]',
      // Its end is within no duration that is known.
      'faults[0].on',
      'durationMs',
      'rounds',
      'deadlineMs',
    ]);
  });

  test('a pattern that is wrong by itself hides no other, and its id stays known', async () => {
    const patterns = [
      { id: 'a', title: 'A', transport: 'rest', interaction: 'request-repl' },
      { id: 'b', title: 'B', transport: 'rst', interaction: 'request-reply' },
      { id: 'c', transport: 7, interaction: 'work-queue' },
    ];
    const thresholds = ['a: lost == 0', 'd: lost == 0'];
    expect((await problemsWith({ patterns, thresholds })).map((problem) => problem.split(':')[0])).toEqual([
      'patterns[0].interaction',
      'patterns[1].transport',
      'patterns[2].title',
      'patterns[2].transport',
      'thresholds[1]',
    ]);
  });

  test('without a contract no operation is assessed, without patterns no transport', async () => {
    const mix = [{ operation: 'nothingOfThisName' }];
    expect(await problemsWith({ contract: 5, mix })).toEqual(['contract: Expected a text, found 5']);
    expect(await problemsWith({ patterns: 'rest', faults: [{ ...kill, on: 'rabbitmq' }] })).toEqual([
      'patterns: Expected a list, found "rest"',
    ]);
  });

  test('a service or an edge bears the name of no broker, whichever there are', async () => {
    const services = [{ id: 'kafka' }, { id: 'orders' }];
    const edges = [{ from: 'kafka', to: 'orders', id: 'rabbitmq', operations: ['createUser'] }];
    expect(await problemsWith({ services, edges, faults: [], variants: [] })).toEqual([
      'services[0].id: The name kafka is reserved for the broker: choose another one',
      'edges[0].id: The name rabbitmq is reserved for the broker: choose another one',
    ]);
  });
});

test('a problem of what --set has put there names the option, not the first line of the file', async () => {
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, GOOD);
  const set = ['thing.of.none=1', 'load.burst=3', 'service.concurrency=0', 'wireBytes.calls=5'].map((text) =>
    parseSetting(text)!,
  );
  const error: unknown = await loadScenario(file, set, await loadCatalogue()).catch((e: unknown) => e);
  const lines = (error as Error).message.split('\n').slice(1);
  expect(lines.map((line) => /^\s*(--set \S+: \S+):/.exec(line)?.[1]).toSorted()).toEqual([
    '--set load.burst=3: load.burst',
    '--set service.concurrency=0: service.concurrency',
    '--set thing.of.none=1: thing',
    '--set wireBytes.calls=5: wireBytes',
    '--set wireBytes.calls=5: wireBytes.calls',
  ]);
});

describe('patience', () => {
  const queue = { id: 'queue', title: 'Queue', transport: 'rabbitmq', interaction: 'work-queue' };

  test('nobody waits for a reply that is kept beyond the deadline', async () => {
    const problems = await problemsWith({ patience: 'keep', variants: [], faults: [] });
    expect(problems[0]).toBe(
      'patience: keep cannot be combined with request-reply: after the deadline nobody waits for the reply. Expected refuse or wait',
    );
  });
  test('is told where it was set: on the pattern, the edge, or in the variant', async () => {
    const stream = {
      id: 'stream',
      title: 'S',
      transport: 'grpc',
      interaction: 'server-stream',
      patience: 'wait',
    };
    const mix = [{ operation: 'streamUserEvents', share: 1 }];
    const ofPattern = await problemsWith({
      services: [],
      edges: [],
      faults: [],
      variants: [],
      cases: [],
      endpoints: [],
      policies: {},
      patterns: [
        { ...queue, patience: 'keep' },
        { ...stream, mix },
      ],
    });
    expect(ofPattern).toEqual([
      'patterns[1].patience: wait cannot be combined with server-stream: expected refuse',
    ]);
    const edges = [
      { id: 'one', from: 'front', to: 'orders', patience: 'keep' },
      { id: 'two', from: 'orders', to: 'ledger', operations: ['createUser'] },
    ];
    const variants = [{ id: 'kept', title: 'kept', edges: [{ id: 'two', patience: 'keep' }] }];
    const ofEdges = await problemsWith({ edges, variants, faults: [] });
    expect(ofEdges.map((problem) => problem.split(':')[0])).toEqual([
      'edges[0].patience',
      'variants[0].edges[0].patience',
    ]);
  });
});
