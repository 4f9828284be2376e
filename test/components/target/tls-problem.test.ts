import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LATE_REFUSAL_MS, tlsProblem } from '../../../src/components/target/tls-problem.ts';
import type { TlsSettings } from '../../../src/kernel/target-outlet.ts';
import { loadTransportDefinition } from '../../../src/transports/discover.ts';
import {
  type CertificateFiles,
  type Certificates,
  makeCertificates,
} from '../../support/tls/certificates.ts';

let made: Certificates;
beforeAll(async () => void (made = await makeCertificates()));
afterAll(() => made[Symbol.dispose]());

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function filesOf({ cert, key }: CertificateFiles) {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

const secure = (files: CertificateFiles, more: ServerOptions = {}) =>
  portOf(createServer({ ...filesOf(files), ...more }));

interface Tried {
  readonly scheme?: string;
  readonly host?: string;
  readonly tls?: Partial<TlsSettings> | undefined;
  readonly settings?: object;
  readonly transport?: string;
}

/** What is said of a target at this port; undefined: nothing is wrong with its TLS. */
async function said(port: number, tried: Tried = {}): Promise<string | undefined> {
  const { scheme = 'https', host = 'localhost', tls = {}, settings = {}, transport = 'rest' } = tried;
  const definition = await loadTransportDefinition(transport);
  const target = {
    url: `${scheme}://${host}:${port}/`,
    listensAt: { host, port },
    settings: { httpVersion: 1.1, ...settings },
    ...('tls' in tried && tried.tls === undefined ? {} : { tls: { ca: made.ca, insecure: false, ...tls } }),
  };
  const problem = await tlsProblem(target, definition, LATE_REFUSAL_MS);
  if (!problem) return undefined;
  expect(problem.code).toBe('child-failed');
  return `${problem.message} → ${problem.hint}`;
}

describe('nothing is wrong', () => {
  test('where the authority is trusted and the name is right', async () => {
    expect(await said(await secure(made.server))).toBeUndefined();
    expect(await said(await secure(made.server), { host: '127.0.0.1' })).toBeUndefined();
  });

  test('where the settings name what the certificate has', async () => {
    const port = await secure(made.elsewhere);
    expect(await said(port, { tls: { serverName: 'shop.example' } })).toBeUndefined();
  });

  test('where nothing is to be verified', async () => {
    const port = await secure(made.expired);
    expect(await said(port, { tls: { insecure: true, ca: undefined } })).toBeUndefined();
  });

  test('where nobody listens: others say that', async () => {
    const port = await portOf(createPlain());
    servers.splice(0)[0]!.close();
    expect(await said(port)).toBeUndefined();
  });

  test('with a client certificate that the server trusts', async () => {
    const port = await secure(made.server, { requestCert: true, ca: readFileSync(made.ca) });
    expect(await said(port, { tls: made.client })).toBeUndefined();
  });
});

describe('a certificate that does not verify', () => {
  test('is of an authority that is not trusted', async () => {
    expect(await said(await secure(made.server), { tls: { ca: made.otherCa } })).toMatch(
      /^The certificate of localhost:\d+ is signed by no authority that is trusted: Test authority \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\) → It is not, or not alone, in .*\.pem: give its own file/,
    );
    expect(await said(await secure(made.server), { tls: { ca: undefined } })).toMatch(
      /is signed by no authority that is trusted: .* → Give the file of that authority: `tls: { ca: FILE }`/,
    );
  });

  test('has expired', async () => {
    expect(await said(await secure(made.expired))).toMatch(
      /^The certificate of localhost:\d+ expired on .* GMT → Renew it at the server/,
    );
  });

  test('is for another name', async () => {
    expect(await said(await secure(made.elsewhere))).toMatch(
      /^The certificate of localhost:\d+ is not for localhost, but for DNS:shop\.example → Use one of these names in the URL, or set `tls: { serverName: NAME }`/,
    );
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a client certificate over %s', (version) => {
  const demanding = () =>
    secure(made.server, {
      requestCert: true,
      rejectUnauthorized: true,
      ca: readFileSync(made.ca),
      minVersion: version,
      maxVersion: version,
    });

  test('is demanded', async () => {
    expect(await said(await demanding())).toMatch(
      /^localhost:\d+ demands a client certificate \(.*\) → Give one: `tls: { cert: FILE, key: FILE }`\.$/,
    );
  });

  test('is not accepted', async () => {
    expect(await said(await demanding(), { tls: made.otherClient })).toMatch(
      /^localhost:\d+ does not accept the client certificate .*other-client\.pem \(.*\) → Use one/,
    );
  });
});

describe('the other kind of port', () => {
  test('speaks no TLS', async () => {
    expect(await said(await portOf(createPlain((_request, response) => void response.end())))).toMatch(
      /^localhost:\d+ does not speak TLS, and its URL begins with https:\/\/ \(.*\) → Write http:\/\/ for a port without TLS/,
    );
  });

  test.each([
    ['rest', 'http', 'https://'],
    ['grpc', 'grpc', 'grpcs:// or https://'],
    ['kafka', 'kafka', 'kafkas:// or kafka+ssl://'],
  ])('speaks TLS, of a URL of %s', async (transport, scheme, wanted) => {
    const found = await said(await secure(made.server), { transport, scheme, tls: undefined });
    expect(found).toContain(
      `speaks TLS, and its URL begins with ${scheme}:// → Write ${wanted} in its place`,
    );
  });

  test('is plain as its URL says', async () => {
    const port = await portOf(createPlain((_request, response) => void response.end()));
    expect(await said(port, { scheme: 'http', tls: undefined })).toBeUndefined();
  });
});

describe('HTTP/2', () => {
  test('is not there', async () => {
    const found = await said(await secure(made.server), { settings: { httpVersion: 2 } });
    expect(found).toMatch(/^localhost:\d+ does not speak HTTP\/2 \(ALPN h2\) → Use `httpVersion: 1\.1`/);
  });

  test('is all there is', async () => {
    const port = await portOf(createSecureServer(filesOf(made.server)));
    expect(await said(port)).toMatch(/speaks HTTP\/2 alone \(ALPN\) → Set `httpVersion: 2`/);
    expect(await said(port, { settings: { httpVersion: 2 } })).toBeUndefined();
  });
});
