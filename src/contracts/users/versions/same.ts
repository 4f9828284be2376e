import type { UsersVersion } from '../version.ts';

/** The first version itself, with what it stores recorded: the control. */
export const definition: UsersVersion = {
  name: 'same',
  change: null,
  read: (request) => request,
  ownContent: () => ({}),
  write: (user) => user,
};
