import { type ListUsers, MAX_PAGE_SIZE, numberOf } from './pages.ts';
import type { UserStatus } from './user.ts';

export interface CreateUser {
  readonly email: string;
  readonly name: string;
}

/** Replaces the whole user, so that it is idempotent; without a status it is ACTIVE. */
export interface UpdateUser extends CreateUser {
  readonly id: string;
  readonly status?: Exclude<UserStatus, 'UNKNOWN'>;
}

export interface UserId {
  readonly id: string;
}

export interface StreamUserEvents {
  readonly user_id: string;
}

export const GIVEN_STATUSES = ['ACTIVE', 'INACTIVE', 'SUSPENDED'] as const;
const MAX_EMAIL_LENGTH = 254;
const MAX_NAME_LENGTH = 100;
const MAX_ID_LENGTH = 100;

/** The reason for refusing a request, or undefined for a valid one. All fields of a check are untrusted. */
export type RequestCheck<Body> = (fields: Partial<Record<keyof Body, unknown>>) => string | undefined;

export const checkCreateUser: RequestCheck<CreateUser> = ({ email, name }) => {
  if (typeof email !== 'string' || !email.includes('@') || email.length > MAX_EMAIL_LENGTH) {
    return `Expected email to be an address of at most ${MAX_EMAIL_LENGTH} characters`;
  }
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
    return `Expected name to have 1 to ${MAX_NAME_LENGTH} characters`;
  }
  return undefined;
};

export const checkUpdateUser: RequestCheck<UpdateUser> = (fields) => {
  const { id, status } = fields;
  if (status !== undefined && !GIVEN_STATUSES.some((given) => given === status)) {
    return `Expected status to be one of ${GIVEN_STATUSES.join(', ')}`;
  }
  return checkUserId({ id }) ?? checkCreateUser(fields);
};

export const checkUserId: RequestCheck<UserId> = ({ id }) => {
  if (typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH) return undefined;
  return `Expected id to have 1 to ${MAX_ID_LENGTH} characters`;
};

export const checkStreamUserEvents: RequestCheck<StreamUserEvents> = ({ user_id: id }) => checkUserId({ id });

export const checkListUsers: RequestCheck<ListUsers> = ({ page_size: size, page_token: token }) => {
  if (!Number.isInteger(size) || (size as number) < 0 || (size as number) > MAX_PAGE_SIZE) {
    return `Expected page_size to be an integer of 0 to ${MAX_PAGE_SIZE}`;
  }
  if (typeof token === 'string' && numberOf(token) !== undefined) return undefined;
  return 'Expected page_token to be empty or a next_page_token';
};
