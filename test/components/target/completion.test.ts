import { loadCatalogue } from '../../../src/transports/discover.ts';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Envelope } from '../../../src/kernel/envelope.ts';
import { messageId } from '../../../src/kernel/message-id.ts';
import type { OutMessage } from '../../../src/kernel/target-outlet.ts';
import { describePatterns, resolvePatterns } from '../../../src/plan/resolve-patterns.ts';
import { openCompletionBook } from '../../../src/components/target/completion-book.ts';
import { completionSourceOf } from '../../../src/plan/completion-source.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const MARK = '0123456789ab';
const TRIAL = 7;

const identity = fc.record({
  stage: fc.constantFrom('measured', 'warm-up', 'steady-state'),
  sequence: fc.nat(1e6),
  attempt: fc.constant(1),
  key: fc.nat(1000),
} as const);

/** What may come out: of this trial, of an earlier one, of another run, of somebody else. */
const arrived = fc.oneof(
  identity.map((id) => ({ from: 'taken', text: messageId(MARK, { ...id, trial: TRIAL }), id }) as const),
  identity.map((id) => ({ from: 'late', text: messageId(MARK, { ...id, trial: TRIAL - 1 }) }) as const),
  identity.map(
    (id) => ({ from: 'uncorrelated', text: messageId('ba9876543210', { ...id, trial: TRIAL }) }) as const,
  ),
  fc.oneof(fc.string(), fc.uuid()).map((text) => ({ from: 'uncorrelated', text }) as const),
);

const inHeader = (text: string): OutMessage => ({
  content: Buffer.from('whatever'),
  header: (name) => (name === 'x-sequence' ? text : undefined),
});
const inField = (text: string): OutMessage => ({
  content: Buffer.from(JSON.stringify({ orders: [{ id: text }] })),
  header: () => undefined,
});

describe('the book of what came out', () => {
  it.each([
    ['a header', { header: 'x-sequence' }, inHeader],
    ['a field', { field: 'orders.0.id' }, inField],
  ])(
    'enters everything of its trial as often as it comes, by %s, and counts the rest',
    (_by, correlate, of) => {
      fc.assert(
        fc.property(fc.array(arrived), (all) => {
          const written: (Pick<Envelope, 'trial' | 'stage' | 'sequence' | 'key'> & { atNs: number })[] = [];
          const log = {
            write: ({ trial, stage, sequence, key }: Envelope, atNs: number) =>
              void written.push({ trial, stage, sequence, key, atNs }),
          };
          let nowNs = 0;
          const book = openCompletionBook({ mark: MARK, trial: TRIAL, correlate }, log, () => ++nowNs);
          for (const { text } of all) book.take(of(text));
          const count = (from: string) => all.filter((one) => one.from === from).length;
          expect(book.counts()).toEqual({
            taken: count('taken'),
            late: count('late'),
            uncorrelated: count('uncorrelated'),
          });
          const expected = all.flatMap((one, i) => {
            if (one.from !== 'taken') return [];
            const { stage, sequence, key } = one.id;
            return [{ trial: TRIAL, stage, sequence, key, atNs: i + 1 }];
          });
          expect(written).toEqual(expected);
        }),
      );
    },
  );

  it('takes no body for one with an id that is not JSON, has no such field, or a field that is no text', () => {
    const book = openCompletionBook(
      { mark: MARK, trial: TRIAL, correlate: { field: 'a.b' } },
      { write: () => expect.unreachable() },
      () => 0,
    );
    for (const text of ['', '{', 'null', '[]', '{"a":null}', '{"a":{"b":7}}', '{"a":{"b":{}}}']) {
      book.take({ content: Buffer.from(text), header: () => undefined });
    }
    expect(book.counts()).toEqual({ taken: 0, late: 0, uncorrelated: 7 });
  });
});

const catalogue = await loadCatalogue();

describe('where completions come out', () => {
  const nowhere = { brokers: {}, catalogue };
  const correlate = { header: 'x-sequence' };
  const settings = { headers: { 'x-sequence': '{{id}}' } };
  const own = { id: 'orders', transport: 'rabbitmq', url: 'amqp://here', requests: { call: { settings } } };

  it.each([
    [{ queue: 'done' }, {}, 'amqp://here', 'queue done'],
    [{ queue: 'done', url: 'amqp://there' }, {}, 'amqp://there', 'queue done'],
    [{ topic: 'done' }, { kafka: 'kafka://given' }, 'kafka://given', 'topic done'],
  ])('%j, with brokers %j, is %s', (completion, brokers, url, place) => {
    expect(completionSourceOf({ ...completion, correlate }, own, { brokers, catalogue })).toMatchObject({
      url,
      place,
    });
  });

  it('may be known by an id in the URL that is called, and is read from a broker of its kind alone', () => {
    const called = {
      ...own,
      transport: 'rest',
      url: 'http://here/{{id}}',
      requests: { call: { settings: {} } },
    };
    const at = { queue: 'done', correlate };
    const there = { url: 'amqp://there' };
    expect(completionSourceOf({ ...at, ...there }, called, nowhere)).toMatchObject(there);
    expect(() => completionSourceOf({ ...at, url: 'kafka://there' }, called, nowhere)).toThrow(
      /The URL of the broker of the queue done must begin with amqp:\/\//,
    );
  });

  it('is not known without a URL, and of no use without an id in what is sent', () => {
    expect(() => completionSourceOf({ topic: 'done', correlate }, own, nowhere)).toThrow(
      /The broker of the topic done has no URL/,
    );
    const silent = { ...own, requests: { ...own.requests, other: { settings: { body: 'nothing' } } } };
    expect(() => completionSourceOf({ queue: 'done', correlate }, silent, nowhere)).toThrow(
      /Completion of targets.orders needs \{\{id\}\} in its messages/,
    );
  });
});

describe('a pattern of a queue of one’s own', () => {
  const rowsOf = (target: object) => {
    const interaction = 'publish-subscribe';
    const own = { url: 'amqp://127.0.0.1:1', queue: 'orders', body: { id: '{{id}}' } };
    const scenario = scenarioSchema.parse({
      name: 'own',
      title: 'Own',
      patterns: [{ id: 'orders', title: 'Orders', transport: 'rabbitmq', interaction, subscribers: 2 }],
      targets: { orders: { ...own, ...target } },
    });
    return resolvePatterns(scenario, { patterns: undefined, targets: {}, allowRemote: [] }, catalogue);
  };
  const completion = { queue: 'done', correlate: { field: 'id' } };

  it('is seen at one place, however many would subscribe to ours', async () => {
    const [pattern] = await rowsOf({ completion });
    expect(pattern).toMatchObject({ subscribers: 1, target: { completion: { place: 'queue done' } } });
  });

  it('has the login of the environment in its URL, whatever characters it has', async () => {
    vi.stubEnv('COMMBENCH_PASSWORD', 'p@ss/w:rd?#%');
    const [pattern] = await rowsOf({ url: 'amqps://ana:{{env COMMBENCH_PASSWORD}}@127.0.0.1' });
    const { url, listensAt } = pattern!.target!;
    expect(decodeURIComponent(new URL(url).password)).toBe('p@ss/w:rd?#%');
    expect(listensAt).toEqual({ host: '127.0.0.1', port: 5671 });
    expect(JSON.stringify(describePatterns([pattern!]))).not.toMatch(/p@ss|p%40ss/);
    vi.unstubAllEnvs();
  });

  it('gives its completions the TLS of its own broker, and none to another one', async () => {
    const tls = { ca: '/ca.pem' };
    const own = { url: 'amqps://127.0.0.1:1', tls };
    const [same] = await rowsOf({ ...own, completion });
    expect(same!.target!.completion).toMatchObject({ tls: { ca: '/ca.pem', insecure: false } });
    const [other] = await rowsOf({ ...own, completion: { ...completion, url: 'amqps://127.0.0.1:2' } });
    expect(other!.target!.completion!.tls).toEqual({ insecure: false });
    const [plain] = await rowsOf({ ...own, completion: { ...completion, url: 'amqp://127.0.0.1:2' } });
    expect(plain!.target!.completion!.tls).toBeUndefined();
    const kafka = { topic: 'done', correlate: { field: 'id' }, url: 'kafkas://ana@127.0.0.1:2' };
    await expect(rowsOf({ ...own, completion: kafka })).rejects.toThrow(
      /^targets.orders.completion.url has a user and password, which would not be sent$/,
    );
  });

  it.each<[string, object, RegExp]>([
    ['whose program is ready nobody knows when', { command: 'run' }, /targets.orders.ready is required/],
    [
      'that asks for a variable which is not there',
      { body: { id: '{{id}}', token: '{{env COMMBENCH_NO_SUCH}}' } },
      /The environment variable COMMBENCH_NO_SUCH is not set/,
    ],
    [
      'whose completions are read elsewhere',
      { completion: { ...completion, url: 'amqp://192.0.2.1' } },
      /Expected an address of this machine, found 192.0.2.1/,
    ],
  ])('is none %s', async (_what, target, words) => {
    await expect(rowsOf(target)).rejects.toThrow(words);
  });
});

describe('a pattern of a server of one’s own', () => {
  afterEach(() => void vi.unstubAllEnvs());
  const rowsOf = (target: object) => {
    const interaction = 'request-reply';
    const scenario = scenarioSchema.parse({
      name: 'own',
      title: 'Own',
      patterns: [{ id: 'orders', title: 'Orders', transport: 'rest', interaction }],
      targets: { orders: { url: 'http://127.0.0.1:1/', ...target } },
    });
    return resolvePatterns(scenario, { patterns: undefined, targets: {}, allowRemote: [] }, catalogue);
  };

  it.each<[string, object, RegExp]>([
    [
      'whose URL of the environment is of another kind',
      { url: '{{env COMMBENCH_BASE}}/x' },
      /Expected targets.orders.url to be a URL that begins with http:\/\/ or https:\/\/, found one that begins with ftp:$/,
    ],
    [
      'whose URL of the environment has a user, who would not be sent',
      { url: 'http://{{env COMMBENCH_USER}}@127.0.0.1:1/x' },
      /^targets.orders.url has a user and password, which would not be sent$/,
    ],
    [
      'whose settings of TLS would not be used',
      { tls: { serverName: 'shop.example' } },
      /^targets.orders.tls needs a URL with TLS, found one that begins with http:\/\/$/,
    ],
    [
      'whose readiness is asked by what is no URL of HTTP',
      { command: 'serve', ready: { url: 'localhost:8080/health' } },
      /Expected targets.orders.ready.url to be a URL that begins with http:\/\/ or https:\/\/, found one that begins with localhost:$/,
    ],
  ])('is none %s', async (_what, target, words) => {
    vi.stubEnv('COMMBENCH_BASE', 'ftp://127.0.0.1:1');
    vi.stubEnv('COMMBENCH_USER', 'ana');
    await expect(rowsOf(target)).rejects.toThrow(words);
  });

  it.each<[string, object, object]>([
    ['verified', { ca: '/ca.pem' }, { certificates: 'verified', TLS: 'certificates verified by /ca.pem' }],
    [
      'not verified',
      { insecure: true, serverName: 'shop.example' },
      {
        certificates: 'not-verified',
        TLS: 'certificates not verified (`insecure: true`), for the name shop.example',
      },
    ],
  ])(
    'is described with its certificates: %s',
    async (_what, tls, { certificates, TLS }: object & { certificates?: unknown; TLS?: unknown }) => {
      const [described] = describePatterns(await rowsOf({ url: 'https://127.0.0.1:1/', tls }));
      expect(described).toMatchObject({ certificates, fairness: { TLS } });
    },
  );

  it('of TLS takes files from the environment, and has Node’s authorities without any', async () => {
    vi.stubEnv('COMMBENCH_CA', '/from/the/environment.pem');
    const url = 'https://127.0.0.1:1/';
    const [named] = await rowsOf({ url, tls: { ca: '{{env COMMBENCH_CA}}' } });
    expect(named!.target).toMatchObject({ tls: { ca: '/from/the/environment.pem', insecure: false } });
    const [plain] = await rowsOf({ url });
    expect(plain!.target).toMatchObject({ tls: { insecure: false }, listensAt: { port: 1 } });
    expect((await rowsOf({ url: 'https://127.0.0.1/' }))[0]!.target!.listensAt.port).toBe(443);
  });

  it.each([
    'http://127.0.0.1:1/{{env COMMBENCH_SECRET}}/x',
    'http://127.0.0.1:1/x?sig={{env COMMBENCH_SECRET}}',
    '{{env COMMBENCH_BASE}}',
  ])('is called by what the environment says, which is in no result: %s', async (url) => {
    vi.stubEnv('COMMBENCH_SECRET', 's3cret');
    vi.stubEnv('COMMBENCH_BASE', 'http://127.0.0.1:1/s3cret');
    const patterns = await rowsOf({ url });
    expect(patterns[0]!.target!.url).toContain('s3cret');
    const described = describePatterns(patterns);
    expect(described[0]!.target).toBe(url);
    expect(JSON.stringify(described)).not.toContain('s3cret');
  });
});
