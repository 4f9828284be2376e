import { POPULATION } from './population.ts';
import { checkUser, type User } from './user.ts';

export interface ListUsers {
  /** 0 = the service's own choice, `DEFAULT_PAGE_SIZE`. */
  readonly page_size: number;
  /** End of the previous page; empty for the first page. */
  readonly page_token: string;
}

export interface UserPage {
  readonly users: readonly User[];
  /** Empty on the last page. */
  readonly next_page_token: string;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * The token of the page that begins at the user of this number. Opaque to callers. It is a position in the order of
 * creation: later creations come after it, and deletions before it move nothing.
 */
export function tokenOf(from: number): string {
  return from === 0 ? '' : Buffer.from(`from ${from}`).toString('base64url');
}

/** The number in a token; undefined where it is no token of ours. */
export function numberOf(token: string): number | undefined {
  if (token === '') return 0;
  const number = /^from ([1-9]\d{0,14})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Whether a reply is the requested page. */
export function checkPage(
  request: ListUsers,
  reply: unknown,
  asked: readonly string[] | undefined,
): string | undefined {
  if (typeof reply !== 'object' || reply === null) return 'Expected a page, found no object';
  const { users, next_page_token: next } = reply as Partial<UserPage>;
  if (!Array.isArray(users)) return 'Expected users to be a list';
  if (typeof next !== 'string') return `Expected next_page_token to be text, found ${String(next)}`;
  const size = request.page_size || DEFAULT_PAGE_SIZE;
  if (users.length > size) return `Expected at most ${size} users, found ${users.length}`;
  // The population is permanent: only beyond it can there be too few users for a page.
  const isFull = next !== '' || (numberOf(request.page_token) ?? 0) + size <= POPULATION;
  if (isFull && users.length < size) return `Expected ${size} users, found ${users.length}`;
  return checkUsers(users, asked);
}

function checkUsers(users: readonly unknown[], asked: readonly string[] | undefined): string | undefined {
  const ids = new Set<string>();
  for (const user of users) {
    const broken = checkUser(user, asked);
    if (broken !== undefined) return broken;
    ids.add((user as User).id);
  }
  if (asked && !asked.includes('id')) return undefined;
  return ids.size === users.length ? undefined : 'Expected every user of a page once';
}
