import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractVersionByName } from '../../src/contracts/contracts.ts';
import { users } from '../../src/contracts/users.ts';
import type { Performed } from '../../src/kernel/contract.ts';
import type { Envelope } from '../../src/kernel/envelope.ts';

const envelope: Envelope = { trial: 1, stage: 'measured', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 };
const PROTO = new URL('../../proto/', import.meta.url);
const BODY = { id: 'u-1', email: 'ada@example.com', name: 'Ada', status: 'INACTIVE' };

/** A service of this version is sent a user by the words of the first. */
function update(version: string, more: object = {}): Performed {
  const { implement } = contractVersionByName(users, version);
  return implement()('updateUser', { ...BODY, ...more }, envelope);
}

const { updateUser } = users.operations;
const sent = updateUser!.content!(BODY);

describe('a version of the users service', () => {
  it('is found by name, with the nearest match for a mistyped one', () => {
    expect(users.versions!.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['added', 'renamed', 'required', 'same']),
    );
    expect(() => contractVersionByName(users, 'renmed')).toThrow(
      expect.objectContaining({ code: 'bad-scenario', hint: 'Did you mean renamed?' }),
    );
  });

  it('same: stores what was sent, and its reply holds the contract', () => {
    const done = update('same');
    expect(done.stored).toEqual(sent);
    expect(updateUser!.check(BODY, (done as { body: unknown }).body)).toBeUndefined();
  });

  it('added: an old caller finds all it knows in the reply', () => {
    const done = update('added');
    expect(done).toMatchObject({ kind: 'done', body: { status: 'INACTIVE', locale: 'en' } });
    expect(done.stored).toEqual(sent);
    expect(updateUser!.check(BODY, (done as { body: unknown }).body)).toBeUndefined();
    expect(update('added', { locale: 'fr' }).stored).toEqual({ ...sent, locale: 'fr' });
    expect(update('added', { locale: 1 })).toMatchObject({ status: 'bad-request', noEffect: true });
  });

  it('renamed: it ignores the old name, stores the default, and replies by the new name', () => {
    const done = update('renamed');
    expect(done.stored).toEqual({ ...sent, status: 'ACTIVE' });
    expect(done).toMatchObject({ kind: 'done', body: { state: 'ACTIVE' } });
    expect((done as { body: object }).body).not.toHaveProperty('status');
    expect(updateUser!.check(BODY, (done as { body: unknown }).body)).toMatch(/status/);
    const own = update('renamed', { state: 'SUSPENDED', status: undefined });
    expect(own).toMatchObject({ body: { state: 'SUSPENDED' }, stored: { status: 'SUSPENDED' } });
  });

  it('required: without the new field it refuses; a 0 that nobody sent is stored', () => {
    expect(update('required')).toMatchObject({ kind: 'failed', status: 'bad-request', noEffect: true });
    expect(update('required', { birth_year: 0 }).stored).toEqual({ ...sent, birth_year: 0 });
  });

  it('reads and lists by its own words, too', () => {
    const perform = contractVersionByName(users, 'renamed').implement();
    expect(perform('getUser', { id: 'u-3' }, envelope)).toMatchObject({ body: { state: 'INACTIVE' } });
    const page = perform('listUsers', { page_size: 2, page_token: '' }, envelope) as {
      body: { users: object[]; next_page_token: string };
    };
    expect(page.body.users).toMatchObject([{ state: 'ACTIVE' }, { state: 'ACTIVE' }]);
    expect(page.body.next_page_token).not.toBe('');
    expect(perform('createUser', null, envelope)).toMatchObject({ status: 'bad-request' });
    expect(perform('getUser', { id: 'nobody' }, envelope)).toMatchObject({ status: 'not-found' });
  });

  it.each(users.versions!.filter(({ change }) => change !== null).map(({ name }) => name))(
    '%s has wire forms of its own for gRPC and GraphQL',
    (name) => {
      const first = readFileSync(new URL('user_service.proto', PROTO), 'utf8');
      const proto = readFileSync(new URL(`versions/${name}/user_service.proto`, PROTO), 'utf8');
      const withoutComments = (text: string) => text.replaceAll(/^ *\/\/.*$/gm, '');
      expect(withoutComments(proto)).not.toBe(withoutComments(first));
      expect(existsSync(new URL(`versions/${name}/schema.graphql`, PROTO))).toBe(true);
    },
  );
});
