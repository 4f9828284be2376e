import type { Contract, Handled, Implementation, Operation } from '../kernel/contract.ts';
import { draw } from '../kernel/random.ts';

/** A user as it stands on the wire; `created_at` is milliseconds since 1970. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly created_at: number;
  readonly status: UserStatus;
}

export type UserStatus = 'UNKNOWN' | 'ACTIVE' | 'INACTIVE' | 'SUSPENDED';

export interface CreateUser {
  readonly email: string;
  readonly name: string;
}

/** Past so many users the oldest is forgotten: the service's memory must not grow with the load. */
export const MAX_USERS = 10_000;

const MAX_EMAIL_LENGTH = 254;
const MAX_NAME_LENGTH = 100;
const FIRST_NAMES = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Grace', 'Leslie', 'Tony'] as const;
const LAST_NAMES = [
  'Allen',
  'Dijkstra',
  'Hoare',
  'Hopper',
  'Lamport',
  'Liskov',
  'Lovelace',
  'Turing',
] as const;

const createUser: Operation = {
  effect: 'write',
  request(seed, index): CreateUser {
    const first = FIRST_NAMES[Math.floor(draw(seed, 'first-name', index) * FIRST_NAMES.length)]!;
    const last = LAST_NAMES[Math.floor(draw(seed, 'last-name', index) * LAST_NAMES.length)]!;
    return { email: `${first}.${last}.${index}@example.com`.toLowerCase(), name: `${first} ${last}` };
  },
  check: (request, reply) => checkCreated(request as CreateUser, reply as Partial<User> | null),
};

function checkCreated(request: CreateUser, reply: Partial<User> | null): string | undefined {
  if (typeof reply !== 'object' || reply === null) return 'Expected a user, found no object';
  if (typeof reply.id !== 'string' || reply.id === '') return 'Expected an id';
  if (reply.email !== request.email) return `Expected email ${request.email}, found ${String(reply.email)}`;
  if (reply.name !== request.name) return `Expected name ${request.name}, found ${String(reply.name)}`;
  if (reply.status !== 'ACTIVE') return `Expected status ACTIVE, found ${String(reply.status)}`;
  if (!Number.isSafeInteger(reply.created_at))
    return `Expected created_at in ms, found ${String(reply.created_at)}`;
  return undefined;
}

/** The users service: the contract of the main table (CreateUser, the same over every pattern). */
export const users: Contract = { name: 'users', operations: { createUser }, implement };

function implement(): Implementation {
  const store = new Map<string, User>();
  // Ids stay unique over restarts of the service, which forgets its users.
  const origin = `${Date.now().toString(36)}-${process.pid.toString(36)}`;
  const idOf = (n: number) => `${origin}-${n.toString(36)}`;
  let created = 0;

  return (operation, body) => {
    if (operation !== 'createUser') return badRequest(`Unknown operation ${operation}`);
    const invalid = checkRequest(body as Partial<CreateUser> | null);
    if (invalid !== undefined) return badRequest(invalid);
    const { email, name } = body as CreateUser;
    const id = idOf(created++);
    const user: User = { id, email, name, created_at: Date.now(), status: 'ACTIVE' };
    store.set(id, user);
    if (created > MAX_USERS) store.delete(idOf(created - MAX_USERS - 1));
    return { kind: 'done', body: user };
  };
}

function checkRequest(body: Partial<CreateUser> | null): string | undefined {
  if (typeof body !== 'object' || body === null) return 'Expected an object with email and name';
  const { email, name } = body;
  if (typeof email !== 'string' || !email.includes('@') || email.length > MAX_EMAIL_LENGTH) {
    return `Expected email to be an address of at most ${MAX_EMAIL_LENGTH} characters`;
  }
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
    return `Expected name to have 1 to ${MAX_NAME_LENGTH} characters`;
  }
  return undefined;
}

function badRequest(detail: string): Handled {
  return { kind: 'failed', status: 'bad-request', noEffect: true, detail };
}
