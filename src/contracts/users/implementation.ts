import type { Handled, Implementation } from '../../kernel/contract.ts';
import type { Stage } from '../../kernel/envelope.ts';
import { eventsOf } from './events.ts';
import { DEFAULT_PAGE_SIZE, type ListUsers, numberOf } from './pages.ts';
import {
  checkCreateUser,
  checkListUsers,
  checkStreamUserEvents,
  checkUpdateUser,
  checkUserId,
  type CreateUser,
  type RequestCheck,
  type StreamUserEvents,
  type UpdateUser,
  type UserId,
} from './requests.ts';
import { createUserStore, type UserStore } from './store.ts';
import type { User } from './user.ts';

/** Checks a request, then does it. Every failure comes before any change, and promises so. */
type Action = (store: UserStore, body: unknown, stage: Stage) => Handled;

const ACTIONS: Readonly<Record<string, Action>> = {
  createUser: action<CreateUser>(checkCreateUser, (store, fields) => done(store.create(fields))),
  getUser: onUser(
    checkUserId,
    ({ id }: UserId) => id,
    (_store, user) => done(user),
  ),
  listUsers: action<ListUsers>(checkListUsers, (store, { page_size: size, page_token: token }) =>
    done(store.page(numberOf(token)!, size || DEFAULT_PAGE_SIZE)),
  ),
  updateUser: onUser(checkUpdateUser, ({ id }: UpdateUser) => id, update),
  deleteUser: onUser(
    checkUserId,
    ({ id }: UserId) => id,
    (store, { id }, _body, stage) => {
      store.remove(id, stage);
      return done({});
    },
  ),
  streamUserEvents: onUser(
    checkStreamUserEvents,
    ({ user_id: id }: StreamUserEvents) => id,
    (_store, user) => done(eventsOf(user)),
  ),
};

/** The users service with its own users. */
export function implementUsers(): Implementation {
  const store = createUserStore();
  return (operation, body, { stage }) => {
    const act = Object.hasOwn(ACTIONS, operation) ? ACTIONS[operation] : undefined;
    return act ? act(store, body, stage) : badRequest(`Unknown operation ${operation}`);
  };
}

function action<Body>(
  check: RequestCheck<Body>,
  act: (store: UserStore, body: Body, stage: Stage) => Handled,
): Action {
  return (store, body, stage) => {
    if (typeof body !== 'object' || body === null) return badRequest('Expected an object');
    const invalid = check(body);
    return invalid === undefined ? act(store, body as Body, stage) : badRequest(invalid);
  };
}

/** Something that is done to a user who must be there. */
function onUser<Body>(
  check: RequestCheck<Body>,
  idOf: (body: Body) => string,
  act: (store: UserStore, user: User, body: Body, stage: Stage) => Handled,
): Action {
  return action<Body>(check, (store, body, stage) => {
    const user = store.find(idOf(body), stage);
    return user ? act(store, user, body, stage) : notFound(idOf(body));
  });
}

function update(store: UserStore, user: User, { email, name, status = 'ACTIVE' }: UpdateUser): Handled {
  const changed: User = { ...user, email, name, status };
  store.replace(changed);
  return done(changed);
}

function done(body: unknown): Handled {
  return { kind: 'done', body };
}

function badRequest(detail: string): Handled {
  return { kind: 'failed', status: 'bad-request', noEffect: true, detail };
}

function notFound(id: string): Handled {
  return { kind: 'failed', status: 'not-found', noEffect: true, detail: `No user ${id}` };
}
