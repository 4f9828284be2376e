import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { request } from 'undici';
import { describe, expect, it, test } from 'vitest';
import { openPage, refusedStatus } from '../../../src/experiments/live/page.ts';

const TOKEN = 'a-token';
const OWN = { host: '127.0.0.1:4000' };

describe('who is answered', () => {
  test.each([
    ['the page, by its address', 'GET', `/${TOKEN}/`, OWN, undefined],
    ['the page, by localhost', 'GET', `/${TOKEN}/`, { host: 'localhost:4000' }, undefined],
    [
      'an action of the page',
      'POST',
      `/${TOKEN}/act`,
      { ...OWN, origin: 'http://127.0.0.1:4000' },
      undefined,
    ],
    ['a name that was resolved to this host', 'GET', `/${TOKEN}/`, { host: 'evil.example:4000' }, 421],
    ['another port', 'GET', `/${TOKEN}/`, { host: '127.0.0.1:4001' }, 421],
    ['no host', 'GET', `/${TOKEN}/`, {}, 421],
    ['an action of another page', 'POST', `/${TOKEN}/act`, { ...OWN, origin: 'http://evil.example' }, 403],
    [
      'an action of another page of this machine',
      'POST',
      `/${TOKEN}/act`,
      { ...OWN, origin: 'http://127.0.0.1:3000' },
      403,
    ],
    ['an action of a hidden page', 'POST', `/${TOKEN}/act`, { ...OWN, origin: 'null' }, 403],
    ['an action of nobody', 'POST', `/${TOKEN}/act`, OWN, 403],
    [
      'a figure embedded elsewhere',
      'GET',
      `/${TOKEN}/figures`,
      { ...OWN, 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['a wrong token', 'GET', '/b-token/', OWN, 404],
    ['a part of the token', 'GET', '/a-toke/', OWN, 404],
    ['no token', 'GET', '/', OWN, 404],
  ])('%s', (_what, method, url, headers, expected) => {
    expect(refusedStatus({ method, url, headers }, { port: 4000, token: TOKEN })).toBe(expected);
  });
});

describe('the page', () => {
  it('is served with its token alone, and with the hashes of its script and style', async () => {
    await using page = await openPage(0, () => undefined);
    const { statusCode, headers, body } = await request(page.url);
    expect(statusCode).toBe(200);
    expect(await body.text()).toContain('commbench live');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    const bare = await request(new URL('/', page.url));
    expect(bare.statusCode).toBe(404);
    await bare.body.dump();
  });

  it('takes no action before the load, no long line, and says so', async () => {
    await using page = await openPage(0, () => undefined);
    const post = async (line: string) => {
      const { origin } = new URL(page.url);
      const answer = await request(`${page.url}act`, { method: 'POST', body: line, headers: { origin } });
      return [answer.statusCode, await answer.body.json()];
    };
    expect(await post('kill leaf')).toEqual([409, { text: 'The load has not begun yet' }]);
    expect(await post('x'.repeat(501))).toEqual([413, { text: 'A line has at most 500 bytes' }]);
  });

  it('hands lines to the desk, and shows what happens, also to those who come later', async () => {
    await using page = await openPage(0, () => undefined);
    const { origin } = new URL(page.url);
    let listener = (_moment: object, _news: readonly object[]) => {};
    page.attend({
      plan: { title: 'a plan' },
      session: { over: new AbortController().signal },
      act: (intent: object) => JSON.stringify(intent),
      watch: (found: typeof listener) => ((listener = found), () => {}),
    } as never);
    const answer = await request(`${page.url}act`, {
      method: 'POST',
      body: 'kill leaf',
      headers: { origin },
    });
    expect([answer.statusCode, await answer.body.json()]).toEqual([
      200,
      { text: expect.stringMatching(/"do":"kill".*"on":"leaf"/) as unknown },
    ]);
    listener({ atMs: 1 }, [{ text: 'earlier' }]);
    const { body } = await request(`${page.url}figures`);
    const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    let shown = String((await pieces.next()).value);
    expect(shown).toContain('event: plan\ndata: {"title":"a plan"}');
    listener({ atMs: 2 }, [{ text: 'later' }]);
    while (!shown.includes('event: moment')) shown += String((await pieces.next()).value);
    expect(shown).toContain('data: {"moment":{"atMs":2},"news":[{"text":"earlier"},{"text":"later"}]}');
    body.destroy();
  });

  it('outlives a page that is closed while it sends', async () => {
    await using page = await openPage(0, () => undefined);
    const { host, origin, port, pathname } = new URL(page.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = `POST ${pathname}act HTTP/1.1\r\nhost: ${host}\r\norigin: ${origin}\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n`;
    socket.write(head);
    // It has begun to wait for the line.
    await once(socket, 'data');
    socket.resetAndDestroy();
    await once(socket, 'close');
    const { statusCode, body } = await request(page.url);
    await body.dump();
    expect(statusCode).toBe(200);
  });

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(openPage(port, () => undefined)).rejects.toThrow(`The port ${port} is taken`);
    other.close();
  });
});
