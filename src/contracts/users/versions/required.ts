import type { UsersVersion } from '../version.ts';

/**
 * Incompatible: an old caller does not send the new field. The service checks what the contract says, presence and
 * type. A message of proto3 cannot lack a number: it arrives as 0.
 */
export const definition: UsersVersion = {
  name: 'required',
  change: 'a new field `birth_year`, an integer, required in requests',
  read: (request) =>
    Number.isInteger(request['birth_year']) ? request : 'Expected birth_year to be an integer',
  ownContent: ({ birth_year: year }) => ({ birth_year: year as number }),
  write: (user) => user,
};
