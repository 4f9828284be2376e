import type { UsersVersion } from '../version.ts';

/**
 * Incompatible by name: an old caller sends `status`, which this version does not know and ignores, as JSON services
 * do. As `state` is optional, nothing is missing. Protocol Buffers send numbers and no names, so there it is compatible.
 */
export const definition: UsersVersion = {
  name: 'renamed',
  change: 'the field `status` is called `state`, optional in requests, always in replies',
  read({ state, ...request }) {
    return { ...request, status: state };
  },
  ownContent: () => ({}),
  write: ({ status, ...user }) => ({ ...user, state: status }),
};
