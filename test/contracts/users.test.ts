import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationByName } from '../../src/contracts/contracts.ts';
import { users } from '../../src/contracts/users.ts';
import { STREAM_EVENTS, STREAM_EVERY_MS, type UserEvent } from '../../src/contracts/users/events.ts';
import { tokenOf, type UserPage } from '../../src/contracts/users/pages.ts';
import { POPULATION } from '../../src/contracts/users/population.ts';
import { MAX_CREATED } from '../../src/contracts/users/store.ts';
import type { User } from '../../src/contracts/users/user.ts';
import type { Handled, StreamPlan } from '../../src/kernel/contract.ts';
import type { Envelope, Stage } from '../../src/kernel/envelope.ts';

const PERSON = { email: 'ada@example.com', name: 'Ada' };

interface Service {
  ask(operation: string, body: unknown, stage?: Stage): Handled;
  /** The body of what was done. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  answer<Body>(operation: string, body: unknown, stage?: Stage): Body;
}

/** A service with its own users. */
function open(): Service {
  const implementation = users.implement();
  const ask: Service['ask'] = (operation, body, stage = 'measured') => {
    const envelope: Envelope = { trial: 1, stage, sequence: 0, attempt: 1, key: 0, deadlineNs: 0 };
    return implementation(operation, body, envelope);
  };
  return {
    ask,
    answer(operation, body, stage) {
      const handled = ask(operation, body, stage);
      expect(handled).toMatchObject({ kind: 'done' });
      return (handled as Extract<Handled, { kind: 'done' }>).body as never;
    },
  };
}

const NOT_FOUND = { kind: 'failed', status: 'not-found', noEffect: true };
const BAD_REQUEST = { kind: 'failed', status: 'bad-request', noEffect: true };

describe('whatever arrivals ask in whatever order', () => {
  const NAMES = Object.keys(users.operations);
  const arrivals = fc.array(fc.record({ name: fc.constantFrom(...NAMES), index: fc.nat(100_000) }), {
    maxLength: 200,
  });

  it('is answered, and every answer holds the contract', () => {
    fc.assert(
      fc.property(fc.nat(), arrivals, (seed, asked) => {
        const { answer } = open();
        const once = new Map(asked.map((arrival) => [arrival.index, arrival]));
        for (const { name, index } of once.values()) {
          const operation = operationByName(users, name);
          const request = operation.request(seed, index);
          const body = answer(name, request);
          const reply = operation.stream ? (body as StreamPlan).items : body;
          expect(operation.check(request, reply)).toBeUndefined();
        }
      }),
    );
  });

  it('draws from all of the population', () => {
    const request = (index: number) => operationByName(users, 'getUser').request(1, index) as { id: string };
    const ids = new Set(Array.from({ length: 20 * POPULATION }, (_, index) => request(index).id));
    expect(ids.size).toBe(POPULATION);
  });
});

describe('created users', () => {
  it('have ids of their own, even for the same request, and are found', () => {
    const { answer } = open();
    const created = Array.from({ length: 1000 }, () => answer<User>('createUser', PERSON));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1000);
    expect(answer('getUser', { id: created[7]!.id })).toEqual(created[7]);
  });

  it('are forgotten past a bound, the population never', () => {
    const { ask, answer } = open();
    const first = answer<User>('createUser', PERSON);
    const second = answer<User>('createUser', PERSON);
    for (let i = 0; i < MAX_CREATED - 1; i++) answer('createUser', PERSON);
    expect(ask('getUser', { id: first.id })).toMatchObject(NOT_FOUND);
    expect(answer('getUser', { id: second.id })).toEqual(second);
    expect(answer('getUser', { id: 'u-0' })).toMatchObject({ id: 'u-0' });
  });
});

describe('a user', () => {
  it('is the same for every service until it is changed', () => {
    expect(open().answer('getUser', { id: 'u-999' })).toEqual(open().answer('getUser', { id: 'u-999' }));
  });

  it('is replaced as a whole: twice is once, and no status is ACTIVE', () => {
    const { answer } = open();
    const before = answer<User>('getUser', { id: 'u-3' });
    const change = { id: 'u-3', ...PERSON, status: 'SUSPENDED' };
    const after = answer('updateUser', change);
    expect(after).toEqual({ ...before, ...change });
    expect(answer('updateUser', change)).toEqual(after);
    expect(answer('getUser', { id: 'u-3' })).toEqual(after);
    expect(answer('updateUser', { id: 'u-3', ...PERSON })).toMatchObject({ status: 'ACTIVE' });
  });

  it('is gone after it was deleted', () => {
    const { ask, answer } = open();
    const { id } = answer<User>('createUser', PERSON);
    expect(answer('deleteUser', { id })).toEqual({});
    for (const operation of ['getUser', 'deleteUser'])
      expect(ask(operation, { id })).toMatchObject(NOT_FOUND);
    expect(ask('updateUser', { id, ...PERSON })).toMatchObject(NOT_FOUND);
    expect(ask('streamUserEvents', { user_id: id })).toMatchObject(NOT_FOUND);
  });

  it.each(['u-1000', 'u-01', 'd-', 'd-01', 'd--1', 'nobody'])('%s does not exist', (id) => {
    expect(open().ask('getUser', { id })).toMatchObject(NOT_FOUND);
  });
});

describe('a spare user', () => {
  it('can be deleted once, in each stage of a load', () => {
    const { ask, answer } = open();
    expect(answer('getUser', { id: 'd-7' })).toMatchObject({ id: 'd-7' });
    for (const stage of ['warm-up', 'measured'] as const) {
      expect(answer('deleteUser', { id: 'd-7' }, stage)).toEqual({});
      expect(ask('deleteUser', { id: 'd-7' }, stage)).toMatchObject(NOT_FOUND);
    }
  });

  it('takes memory only within a bound', () => {
    const { ask, answer } = open();
    for (let i = 0; i < 10_001; i++) answer('deleteUser', { id: `d-${i}` });
    expect(answer('getUser', { id: 'd-0' })).toMatchObject({ id: 'd-0' });
    expect(ask('getUser', { id: 'd-1' })).toMatchObject(NOT_FOUND);
  });
});

describe('pages', () => {
  /** Walks to the end; `between` happens after each page. */
  function walk(answer: Service['answer'], size: number, between = () => {}): string[] {
    const ids: string[] = [];
    let token = '';
    do {
      const page = answer<UserPage>('listUsers', { page_size: size, page_token: token });
      ids.push(...page.users.map(({ id }) => id));
      token = page.next_page_token;
      between();
    } while (token !== '');
    return ids;
  }
  const population = Array.from({ length: POPULATION }, (_, i) => `u-${i}`);

  it.each([0, 1, 7, 100])('of %i show every user once, in order', (size) => {
    expect(walk(open().answer, size)).toEqual(population);
  });

  it('stay where they are while users are created and deleted', () => {
    const { answer } = open();
    const created: string[] = [];
    const ids = walk(answer, 100, () => {
      if (created.length >= 150) return;
      for (let i = 0; i < 30; i++) created.push(answer<User>('createUser', PERSON).id);
      // Before the place that the token names.
      answer('deleteUser', { id: `u-${created.length / 30}` });
    });
    expect(ids).toEqual([...population, ...created]);
  });

  it('leave out what was forgotten', () => {
    const { answer } = open();
    const created = Array.from({ length: MAX_CREATED + 50 }, () => answer<User>('createUser', PERSON).id);
    expect(walk(answer, 100)).toEqual([...population, ...created.slice(50)]);
  });

  it('end with an empty page past the last user', () => {
    const page = open().answer('listUsers', { page_size: 5, page_token: tokenOf(POPULATION + 3) });
    expect(page).toEqual({ users: [], next_page_token: '' });
  });
});

describe('the stream of a user’s events', () => {
  it('has a fixed number of items, so far apart, from CREATED to DELETED', () => {
    const { items, everyMs } = open().answer<StreamPlan>('streamUserEvents', { user_id: 'u-1' });
    expect(everyMs).toBe(STREAM_EVERY_MS);
    const types = (items as UserEvent[]).map(({ type }) => type);
    expect(types).toEqual([
      'CREATED',
      ...Array.from({ length: STREAM_EVENTS - 2 }, () => 'UPDATED'),
      'DELETED',
    ]);
  });

  it.each<[string, (items: UserEvent[]) => unknown]>([
    ['no list', (items) => ({ ...items })],
    ['one item too few', (items) => items.slice(1)],
    ['one item twice', (items) => [items[0], ...items]],
    ['another order', (items) => items.with(3, items[4]!).with(4, items[3]!)],
    ['another user', (items) => items.with(3, { ...items[3]!, user_id: 'u-2' })],
    ['another type', (items) => items.with(3, { ...items[3]!, type: 'DELETED' })],
    ['a time that is none', (items) => items.with(3, { ...items[3]!, timestamp: NaN })],
    ['an item that is none', (items) => items.with(3, null as never)],
  ])('is noticed with %s', (_what, change) => {
    const { items } = open().answer<StreamPlan>('streamUserEvents', { user_id: 'u-1' });
    const { check } = operationByName(users, 'streamUserEvents');
    expect(check({ user_id: 'u-1' }, items)).toBeUndefined();
    expect(check({ user_id: 'u-1' }, change([...items] as UserEvent[]))).toMatch(/^Expected/);
  });
});

describe('a request is refused without effect', () => {
  it.each([
    ['createUser', 'no object', 'x'],
    ['createUser', 'null', null],
    ['createUser', 'no email', { name: 'Ada' }],
    ['createUser', 'an email that is none', { email: 'ada', name: 'Ada' }],
    ['createUser', 'an email too long', { email: `${'a'.repeat(254)}@example.com`, name: 'Ada' }],
    ['createUser', 'no name', { email: 'ada@example.com', name: '' }],
    ['createUser', 'a name too long', { email: 'ada@example.com', name: 'a'.repeat(101) }],
    ['getUser', 'no id', {}],
    ['getUser', 'an empty id', { id: '' }],
    ['getUser', 'a number', { id: 7 }],
    ['updateUser', 'no id', PERSON],
    ['updateUser', 'no name', { id: 'u-1', email: 'ada@example.com' }],
    ['updateUser', 'a status that nobody gives', { id: 'u-1', ...PERSON, status: 'UNKNOWN' }],
    ['deleteUser', 'an id too long', { id: 'd'.repeat(101) }],
    ['listUsers', 'no size', { page_token: '' }],
    ['listUsers', 'half a user', { page_size: 0.5, page_token: '' }],
    ['listUsers', 'too many', { page_size: 101, page_token: '' }],
    ['listUsers', 'too few', { page_size: -1, page_token: '' }],
    ['listUsers', 'a token of its own', { page_size: 5, page_token: 'page-2' }],
    ['listUsers', 'no token', { page_size: 5 }],
    ['streamUserEvents', 'no id', { id: 'u-1' }],
    ['dropUsers', 'an operation that there is not', PERSON],
    ['toString', 'an operation of every object', PERSON],
  ])('%s: %s', (operation, _what, body) => {
    expect(open().ask(operation, body)).toMatchObject(BAD_REQUEST);
  });
});

describe('a reply is noticed that breaks the contract', () => {
  const page = { page_size: 3, page_token: '' };
  const pageWith = (change: (users: User[]) => unknown[]) => (reply: object) => ({
    ...reply,
    users: change((reply as { users: User[] }).users),
  });
  const withFields = (fields: object) => (reply: object) => ({ ...reply, ...fields });

  it.each<[string, unknown, string, (reply: object) => unknown]>([
    ['createUser', PERSON, 'another email', withFields({ email: 'eve@example.com' })],
    ['createUser', PERSON, 'another name', withFields({ name: 'Eve' })],
    ['createUser', PERSON, 'an empty id', withFields({ id: '' })],
    ['createUser', PERSON, 'a status of no new user', withFields({ status: 'SUSPENDED' })],
    ['createUser', PERSON, 'a time that is none', withFields({ created_at: 'now' })],
    ['getUser', { id: 'u-1' }, 'another user', withFields({ id: 'u-2' })],
    ['getUser', { id: 'u-1' }, 'no email', withFields({ email: undefined })],
    ['getUser', { id: 'u-1' }, 'no such status', withFields({ status: 'GONE' })],
    ['updateUser', { id: 'u-1', ...PERSON }, 'the old name', withFields({ name: 'Eve' })],
    [
      'updateUser',
      { id: 'u-1', ...PERSON, status: 'INACTIVE' },
      'no new status',
      withFields({ status: 'ACTIVE' }),
    ],
    ['listUsers', page, 'no list', withFields({ users: {} })],
    ['listUsers', page, 'no token', withFields({ next_page_token: undefined })],
    ['listUsers', page, 'too many', pageWith((list) => [...list, { ...list[0], id: 'u-9' }])],
    ['listUsers', page, 'too few, and more to come', pageWith((list) => list.slice(1))],
    ['listUsers', page, 'too few where there must be more', () => ({ users: [], next_page_token: '' })],
    ['listUsers', page, 'one twice', pageWith((list) => list.with(0, list[1]!))],
    ['listUsers', page, 'something else', pageWith((list) => [...list.slice(1), { id: 'u-9' }])],
    ['deleteUser', { id: 'd-1' }, 'nothing at all', () => null],
  ])('%s %j: %s', (name, request, _what, change) => {
    const { check } = operationByName(users, name);
    const reply = open().answer<object>(name, request);
    expect(check(request, reply)).toBeUndefined();
    expect(check(request, change(reply))).toMatch(/^Expected/);
  });
});

describe('a reply of which only some fields were asked for', () => {
  const [user, other] = [{ id: 'u-0' }, { id: 'u-1' }];

  it('is assessed by these', () => {
    const { check } = operationByName(users, 'getUser');
    expect(check(user, user, ['id'])).toBeUndefined();
    expect(check(user, other, ['id'])).toMatch(/^Expected id u-0/);
    expect(check(user, user, ['id', 'name'])).toMatch(/^Expected name/);
    expect(check(user, user)).toMatch(/^Expected/);
  });

  it('is assessed by these in each user of a page', () => {
    const { check } = operationByName(users, 'listUsers');
    const reply = { users: [user, other], next_page_token: 'x' };
    expect(check({ page_size: 2, page_token: '' }, reply, ['id'])).toBeUndefined();
    expect(check({ page_size: 2, page_token: '' }, { ...reply, users: [user, user] }, ['id'])).toMatch(
      /once/,
    );
    expect(check({ page_size: 2, page_token: '' }, reply, ['name'])).toMatch(/^Expected name/);
  });
});
