import { draw } from '../../kernel/random.ts';
import type { User, UserStatus } from './user.ts';

/**
 * Users of every fresh service, whatever the seed: reads, updates and streams need ids that exist. Drawn requests
 * never delete one, so a drawn id always exists.
 */
export const POPULATION = 1000;

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
const STATUSES: readonly UserStatus[] = ['ACTIVE', 'ACTIVE', 'ACTIVE', 'INACTIVE', 'SUSPENDED'];
/** 2023-11-14, 22:13:20 UTC; one user a second from there. */
const FIRST_CREATED_MS = 1_700_000_000_000;
const SECOND_MS = 1000;

/** Email and name for arrival or user `index`. */
export function personOf(seed: number, index: number): { readonly email: string; readonly name: string } {
  const first = FIRST_NAMES[Math.floor(draw(seed, 'first-name', index) * FIRST_NAMES.length)]!;
  const last = LAST_NAMES[Math.floor(draw(seed, 'last-name', index) * LAST_NAMES.length)]!;
  return { email: `${first}.${last}.${index}@example.com`.toLowerCase(), name: `${first} ${last}` };
}

export function populationId(index: number): string {
  return `u-${index}`;
}

/** The id of an existing user, by hash. */
export function drawUserId(seed: number, index: number): string {
  return populationId(Math.floor(draw(seed, 'user', index) * POPULATION));
}

/**
 * Users that exist only to be deleted, one for each arrival: `d-<index>` exists until it is deleted, and takes no
 * memory before that.
 */
export function spareId(index: number): string {
  return `d-${index}`;
}

/** The number in a spare user's id; undefined for other ids. */
export function spareNumber(id: string): number | undefined {
  const number = /^d-(0|[1-9]\d{0,14})$/.exec(id)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** A user before any change. */
export function originalUser(id: string, number: number): User {
  const status = STATUSES[number % STATUSES.length]!;
  return { id, ...personOf(0, number), created_at: FIRST_CREATED_MS + number * SECOND_MS, status };
}
