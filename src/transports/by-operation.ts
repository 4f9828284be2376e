import { CommbenchError } from '../kernel/errors.ts';
import type { Message, TargetContext, TargetRequest } from '../kernel/transport.ts';

/** Prepares each kind of request to a target once. @returns what was prepared, by the operation of a message */
export function byOperation<Settings, Prepared>(
  { requests }: Pick<TargetContext<unknown, Settings>, 'requests'>,
  prepare: (request: TargetRequest<Settings>) => Prepared,
): (message: Pick<Message, 'operation'>) => Prepared {
  const prepared = new Map([...requests].map(([operation, request]) => [operation, prepare(request)]));
  return ({ operation }) => {
    const found = prepared.get(operation);
    if (found === undefined)
      throw new CommbenchError('defect', `Expected a request for ${operation}, found none`);
    return found;
  };
}

/** Settings of the one connection, which all requests have alike (`TargetSupport.shared`). */
export function sharedSettings<Settings>({
  requests,
}: Pick<TargetContext<unknown, Settings>, 'requests'>): Settings {
  const [first] = requests.values();
  return first!.settings;
}
