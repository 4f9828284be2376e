import { existsSync, readFileSync } from 'node:fs';

/** The path shared by both sides. */
export const GRAPHQL_PATH = '/graphql';

/**
 * The schema. Fields and arguments have the contract's names, as over every other transport. Bytes then differ by what
 * GraphQL adds and omits, not by our spelling.
 */
const SDL = `
"Milliseconds since 1970: an Int of GraphQL has 32 bits."
scalar Timestamp

"Always {}: done, and there is nothing to tell."
scalar Empty

enum UserStatus { UNKNOWN ACTIVE INACTIVE SUSPENDED }

type User {
  id: ID!
  email: String!
  name: String!
  created_at: Timestamp!
  status: UserStatus!
}

type UserPage {
  users: [User!]!
  next_page_token: String!
}

type Echo { payload: String }

type Query {
  user(id: ID!): User!
  users(page_size: Int!, page_token: String!): UserPage!
  echo(payload: String): Echo!
  nothing: Empty!
}

type Mutation {
  createUser(email: String!, name: String!): User!
  updateUser(id: ID!, email: String!, name: String!, status: UserStatus): User!
  deleteUser(id: ID!): Empty!
}
`;

/** Folder of other versions of the contract: both the source and the compiled file are at this depth below it. */
const VERSIONS = new URL('../../../proto/versions/', import.meta.url);

/** The schema of a version of the contract; absent, or a version that changes nothing: the first. */
export function sdlOf(version?: string): string {
  const file = new URL(`${version}/schema.graphql`, VERSIONS);
  return version !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : SDL;
}

/** Root fields whose names differ from their operations of the contract. */
const FIELD_OF: Readonly<Record<string, string>> = { getUser: 'user', listUsers: 'users' };

/** Fields at the roots of the schema. */
export const OPERATIONS = [
  'createUser',
  'getUser',
  'listUsers',
  'updateUser',
  'deleteUser',
  'echo',
  'nothing',
] as const;
export type GraphqlOperation = (typeof OPERATIONS)[number];

export function rootField(operation: GraphqlOperation): string {
  return FIELD_OF[operation] ?? operation;
}
