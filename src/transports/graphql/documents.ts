import type { GraphqlOptions } from './options.ts';
import { type GraphqlOperation, OPERATIONS } from './schema.ts';

/** A caller's document for an operation; its variables are the body of the message. */
export interface Document {
  readonly text: string;
  /** Fields of a user that it requests; undefined: all, or none are of users. */
  readonly asked: readonly string[] | undefined;
}

const ALL = ['id', 'email', 'name', 'created_at', 'status'];
const FEW = ['id'];

/** A caller makes its documents once: they are the same text for every call. */
export function documentsOf(fields: GraphqlOptions['fields']): ReadonlyMap<string, Document> {
  const chosen = fields === 'few' ? FEW : ALL;
  const selection = `{ ${chosen.join(' ')} }`;
  return new Map(
    OPERATIONS.map((operation) => {
      const text = TEXTS[operation](selection);
      const choosesFew = fields === 'few' && text.includes(selection);
      return [operation, { text, asked: choosesFew ? FEW : undefined }];
    }),
  );
}

/** Documents by operation, given the selection of a user's fields. */
const TEXTS: Readonly<Record<GraphqlOperation, (user: string) => string>> = {
  createUser: (user) =>
    `mutation CreateUser($email: String!, $name: String!) { createUser(email: $email, name: $name) ${user} }`,
  getUser: (user) => `query GetUser($id: ID!) { user(id: $id) ${user} }`,
  listUsers: (user) =>
    'query ListUsers($page_size: Int!, $page_token: String!) ' +
    `{ users(page_size: $page_size, page_token: $page_token) { users ${user} next_page_token } }`,
  updateUser: (user) =>
    'mutation UpdateUser($id: ID!, $email: String!, $name: String!, $status: UserStatus) ' +
    `{ updateUser(id: $id, email: $email, name: $name, status: $status) ${user} }`,
  deleteUser: () => 'mutation DeleteUser($id: ID!) { deleteUser(id: $id) }',
  echo: () => 'query Echo($payload: String) { echo(payload: $payload) { payload } }',
  nothing: () => 'query Nothing { nothing }',
};
