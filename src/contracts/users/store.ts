import type { Stage } from '../../kernel/envelope.ts';
import { tokenOf, type UserPage } from './pages.ts';
import { originalUser, POPULATION, populationId, spareNumber } from './population.ts';
import type { CreateUser } from './requests.ts';
import type { User } from './user.ts';

/** Limit on created users, past which the oldest is forgotten: the service's memory must not grow with the load. */
export const MAX_CREATED = 10_000;
/** Limit on deleted spare users, past which the first one exists again, for the same reason. */
const MAX_DELETED = 10_000;

/** The users of one service process: the population, the created, and the spare ones. */
export interface UserStore {
  create(fields: CreateUser): User;
  /** Spare users are there for each stage of a load anew: warm-up and measured load count from 0, both. */
  find(id: string, stage: Stage): User | undefined;
  /** Replaces a user from `find`. A change of a spare one is dropped: it exists to be deleted. */
  replace(user: User): void;
  /** Removes a user from `find`. */
  remove(id: string, stage: Stage): void;
  /** A page in order of creation, starting at the user of this number; without the spare ones. */
  page(from: number, size: number): UserPage;
}

export function createUserStore(): UserStore {
  // Ids stay unique over restarts of the service, which forgets its users.
  const origin = `${Date.now().toString(36)}-${process.pid.toString(36)}`;
  const idOf = (number: number): string =>
    number < POPULATION ? populationId(number) : `${origin}-${(number - POPULATION).toString(36)}`;
  const users = new Map<string, User>();
  for (let n = 0; n < POPULATION; n++) users.set(idOf(n), originalUser(idOf(n), n));
  const deletedSpares = new Set<string>();
  /** Number of the next user. */
  let next = POPULATION;

  return {
    create({ email, name }) {
      const user: User = { id: idOf(next++), email, name, created_at: Date.now(), status: 'ACTIVE' };
      users.set(user.id, user);
      if (next - POPULATION > MAX_CREATED) users.delete(idOf(next - MAX_CREATED - 1));
      return user;
    },
    find(id, stage) {
      const number = spareNumber(id);
      if (number === undefined) return users.get(id);
      return deletedSpares.has(`${stage} ${id}`) ? undefined : originalUser(id, number);
    },
    replace(user) {
      if (users.has(user.id)) users.set(user.id, user);
    },
    remove(id, stage) {
      if (users.delete(id)) return;
      deletedSpares.add(`${stage} ${id}`);
      if (deletedSpares.size > MAX_DELETED) deletedSpares.delete(deletedSpares.values().next().value!);
    },
    page(from, size) {
      const found: User[] = [];
      // Skips forgotten users without searching for each.
      const retained = Math.max(POPULATION, next - MAX_CREATED);
      let number = from;
      for (; number < next && found.length < size; number++) {
        if (number >= POPULATION && number < retained) number = retained;
        const user = users.get(idOf(number));
        if (user) found.push(user);
      }
      return { users: found, next_page_token: number < next ? tokenOf(number) : '' };
    },
  };
}
