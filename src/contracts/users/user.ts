/** A user in its wire form; `created_at` is milliseconds since 1970. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly created_at: number;
  readonly status: UserStatus;
}

const STATUSES = ['UNKNOWN', 'ACTIVE', 'INACTIVE', 'SUSPENDED'] as const;
export type UserStatus = (typeof STATUSES)[number];

/** Check of each field of a user; returns what it found instead. */
const FIELD_CHECKS: Readonly<Record<keyof User, (value: unknown) => string | undefined>> = {
  id: (value) => (typeof value === 'string' && value !== '' ? undefined : 'Expected an id'),
  email: (value) => (isText(value) ? undefined : `Expected email to be text, found ${String(value)}`),
  name: (value) => (isText(value) ? undefined : `Expected name to be text, found ${String(value)}`),
  created_at: (value) =>
    Number.isSafeInteger(value) ? undefined : `Expected created_at in ms, found ${String(value)}`,
  status: (value) =>
    STATUSES.includes(value as UserStatus) ? undefined : `Expected a status, found ${String(value)}`,
};
const FIELDS = Object.keys(FIELD_CHECKS) as readonly (keyof User)[];

/**
 * The reason why a value is not a user, or undefined where it is one.
 * @param asked required fields: those that the caller requested
 */
export function checkUser(found: unknown, asked: readonly string[] = FIELDS): string | undefined {
  if (typeof found !== 'object' || found === null) return 'Expected a user, found no object';
  for (const field of FIELDS) {
    if (!asked.includes(field)) continue;
    const broken = FIELD_CHECKS[field]((found as Partial<User>)[field]);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/**
 * Whether `found` is a user with exactly these fields, as far as they were requested; returns the first that differs.
 */
export function checkUserIs(
  expected: Partial<User>,
  found: unknown,
  asked: readonly string[] = FIELDS,
): string | undefined {
  const broken = checkUser(found, asked);
  if (broken !== undefined) return broken;
  for (const field of Object.keys(expected) as (keyof User)[]) {
    const is = (found as User)[field];
    if (asked.includes(field) && is !== expected[field]) {
      return `Expected ${field} ${expected[field]}, found ${is}`;
    }
  }
  return undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
