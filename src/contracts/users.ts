import type { Contract } from '../kernel/contract.ts';
import { implementUsers } from './users/implementation.ts';
import {
  createUser,
  deleteUser,
  getUser,
  listUsers,
  streamUserEvents,
  updateUser,
} from './users/operations.ts';
import { USERS_VERSIONS } from './users/versions.ts';

/**
 * The users service. CreateUser is the command of the main table, the same over every pattern; reads and
 * lists are compared under request-reply only, StreamUserEvents under server-stream.
 */
export const users: Contract = {
  name: 'users',
  operations: { createUser, getUser, listUsers, updateUser, deleteUser, streamUserEvents },
  versions: USERS_VERSIONS,
  implement: implementUsers,
};
