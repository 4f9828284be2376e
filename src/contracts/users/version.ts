import type { Content, ContractVersion, Implementation, Performed } from '../../kernel/contract.ts';
import { implementUsers } from './implementation.ts';
import type { UserPage } from './pages.ts';
import type { User } from './user.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A version of the users service: a file of `versions`, found by listing. Its wire forms are in proto/versions. */
export interface UsersVersion {
  /** The file's name, and that of its folder in proto/versions. */
  readonly name: string;
  readonly change: ContractVersion['change'];
  /**
   * The request of a create or an update as this version understands it, in the words of the first: fields that it does
   * not know are left out, its own are added. A text: why it refuses the request.
   */
  read(request: Fields): Fields | string;
  /** Fields of its own that it stores, of what it has read. */
  ownContent(read: Fields): Content;
  /** A user as this version sends it. */
  readonly write: (user: User) => object;
}

export function contractVersionOf(version: UsersVersion): ContractVersion {
  const { name, change } = version;
  return { name, change, implement: () => adapted(implementUsers(), version) };
}

const WRITES: readonly string[] = ['createUser', 'updateUser'];

/** The first version's work, behind the words of another. */
function adapted(perform: Implementation, version: UsersVersion): Implementation {
  return (operation, body, envelope) => {
    if (!WRITES.includes(operation) || typeof body !== 'object' || body === null)
      return sent(operation, perform(operation, body, envelope), version);
    const read = version.read(body as Fields);
    if (typeof read === 'string')
      return { kind: 'failed', status: 'bad-request', noEffect: true, detail: read };
    const performed = perform(operation, read, envelope);
    if (performed.kind === 'failed') return performed;
    const { email, name, status } = performed.body as User;
    const stored = { email, name, status, ...version.ownContent(read) };
    return { ...sent(operation, performed, version), stored };
  };
}

/** The reply, with each user as the version writes it. */
function sent(operation: string, performed: Performed, { write }: UsersVersion): Performed {
  if (performed.kind === 'failed') return performed;
  switch (operation) {
    case 'createUser':
    case 'updateUser':
    case 'getUser':
      return { kind: 'done', body: write(performed.body as User) };
    case 'listUsers': {
      const page = performed.body as UserPage;
      return { kind: 'done', body: { ...page, users: page.users.map(write) } };
    }
    default:
      return performed;
  }
}
