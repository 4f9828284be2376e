import type { Operation } from '../../kernel/contract.ts';
import { draw } from '../../kernel/random.ts';
import { checkEvents, STREAM_EVENTS, STREAM_EVERY_MS } from './events.ts';
import { checkPage, DEFAULT_PAGE_SIZE, type ListUsers, tokenOf } from './pages.ts';
import { drawUserId, personOf, POPULATION, spareId } from './population.ts';
import {
  type CreateUser,
  GIVEN_STATUSES,
  type StreamUserEvents,
  type UpdateUser,
  type UserId,
} from './requests.ts';
import { checkUserIs } from './user.ts';

/** The caller's side of each operation: the request of an arrival, and the check of the reply. */

export const createUser: Operation = {
  effect: 'write',
  request: (seed, index): CreateUser => personOf(seed, index),
  content: (request) => ({ ...(request as CreateUser), status: 'ACTIVE' }),
  check: (request, reply, asked) =>
    checkUserIs({ ...(request as CreateUser), status: 'ACTIVE' }, reply, asked),
};

export const getUser: Operation = {
  effect: 'read',
  request: (seed, index): UserId => ({ id: drawUserId(seed, index) }),
  check: (request, reply, asked) => checkUserIs(request as UserId, reply, asked),
};

const PAGES = POPULATION / DEFAULT_PAGE_SIZE;

export const listUsers: Operation = {
  effect: 'read',
  // A caller that walks through all pages has each token from the page before; this one starts at any of them.
  request: (seed, index): ListUsers => ({
    page_size: DEFAULT_PAGE_SIZE,
    page_token: tokenOf(Math.floor(draw(seed, 'page', index) * PAGES) * DEFAULT_PAGE_SIZE),
  }),
  check: (request, reply, asked) => checkPage(request as ListUsers, reply, asked),
};

export const updateUser: Operation = {
  effect: 'write',
  request: (seed, index): UpdateUser => ({
    id: drawUserId(seed, index),
    ...personOf(seed, index),
    status: GIVEN_STATUSES[Math.floor(draw(seed, 'status', index) * GIVEN_STATUSES.length)]!,
  }),
  content(request) {
    const { email, name, status = 'ACTIVE' } = request as UpdateUser;
    return { email, name, status };
  },
  check: (request, reply, asked) =>
    checkUserIs({ status: 'ACTIVE', ...(request as UpdateUser) }, reply, asked),
};

export const deleteUser: Operation = {
  effect: 'write',
  request: (_seed, index): UserId => ({ id: spareId(index) }),
  check: (_request, reply) =>
    typeof reply === 'object' && reply !== null ? undefined : 'Expected an empty object',
};

export const streamUserEvents: Operation = {
  effect: 'read',
  stream: { items: STREAM_EVENTS, everyMs: STREAM_EVERY_MS },
  request: (seed, index): StreamUserEvents => ({ user_id: drawUserId(seed, index) }),
  check: (request, items) => checkEvents((request as StreamUserEvents).user_id, items),
};
