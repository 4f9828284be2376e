import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { securityProblems } from '../../../src/scenario/rules/security-rules.ts';
import type { ScenarioTarget } from '../../../src/scenario/schema/targets-schema.ts';
import { type Certificates, makeCertificates } from '../../support/tls/certificates.ts';

let made: Certificates;
beforeAll(async () => void (made = await makeCertificates()));
afterAll(() => made[Symbol.dispose]());

const found = (target: object) =>
  securityProblems(target as ScenarioTarget).map(({ path: at, message }) => `${at.join('.')}: ${message}`);

describe('credentials', () => {
  test.each([
    [{ sasl: { password: 's3cret' } }, /^sasl\.password: .* write '{{env PASSWORD}}'/],
    [{ completion: { sasl: { password: 's3cret' } } }, /^completion\.sasl\.password: /],
    [
      { completion: { url: 'amqp://ana:s3cret@h' } },
      /^completion\.url: .*amqp:\/\/\*\*\*@h: write {{env PASSWORD}}/,
    ],
    [{ ready: { url: 'http://ana:s3cret@h' } }, /^ready\.url: /],
    [
      { headers: { Authorization: 'Bearer s3cret' } },
      /^headers\.Authorization: .* write 'Bearer {{env NAME}}'/,
    ],
    [{ headers: { cookie: 'id=s3cret' } }, /^headers\.cookie: .* write '{{env NAME}}'/],
    [{ metadata: { 'x-api-key': 's3cret' } }, /^metadata\.x-api-key: /],
  ])('%j is refused by name, and not shown', (target, message) => {
    const problems = found(target);
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(problems.join()).not.toContain('s3cret');
  });

  test.each([
    { sasl: { username: 'ana', password: '{{env PASSWORD}}' } },
    { completion: { url: 'amqp://ana:{{env PASSWORD}}@h' } },
    { completion: { url: 'amqp://guest:guest@h' } },
    {
      headers: {
        authorization: 'Bearer {{env TOKEN}}',
        'x-partition-key': 'a',
        'idempotency-key': '{{uuid}}',
      },
    },
  ])('%j is not', (target) => {
    expect(found(target)).toEqual([]);
  });
});

describe('files of TLS', () => {
  test('that fit are no problem', () => {
    expect(found({ tls: { ca: made.ca, ...made.client } })).toEqual([]);
    expect(found({ tls: { ca: '{{env CA}}' } })).toEqual([]);
  });

  test('that are missing, or of another kind, are named', () => {
    expect(found({ tls: { ca: '/nowhere/ca.pem' } })).toEqual(['tls.ca: /nowhere/ca.pem: file not found']);
    expect(found({ tls: { ca: made.client.key } })).toEqual([
      `tls.ca: Expected a certificate in PEM form, found something else in ${made.client.key}`,
    ]);
    expect(found({ completion: { tls: { cert: made.client.cert, key: made.client.cert } } })).toEqual([
      `completion.tls.key: Expected a private key in PEM form, found something else in ${made.client.cert}`,
    ]);
  });

  test('that do not belong together are named', () => {
    const tls = { cert: made.client.cert, key: made.server.key };
    expect(found({ tls })).toEqual(['tls.key: The key does not belong to the certificate']);
  });

  test('with a passphrase are named', () => {
    const locked = path.join(made.folder, 'locked.pem');
    const key = createPrivateKey(readFileSync(made.client.key));
    const lock = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' } as const;
    writeFileSync(locked, key.export(lock));
    expect(found({ tls: { cert: made.client.cert, key: locked } })).toEqual([
      expect.stringMatching(/^tls\.key: .*locked\.pem has a passphrase: give a key without one/),
    ]);
  });
});
