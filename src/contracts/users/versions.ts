import path from 'node:path';
import { definitionsIn } from '../../platform/definitions.ts';
import { contractVersionOf, type UsersVersion } from './version.ts';

const DEFINITIONS = await definitionsIn<UsersVersion>(path.join(import.meta.dirname, 'versions'));

/** Every file of the folder, by name. */
export const USERS_VERSIONS = DEFINITIONS.map(contractVersionOf);
