import { isMapping } from '../../../scenario/load/mapping.ts';
import { type FoundCall, type FoundOperation, ONE_ITEM } from '../found-call.ts';
import { type ApiDocument, followed, readApi, refusalOf, assertReadable } from './document.ts';
import {
  addressOf,
  type Body,
  bodyOf,
  orUnsuitable,
  type Reading,
  type Tree,
  Unsuitable,
} from './request.ts';
import { baseOf } from './servers.ts';

/** Methods of HTTP that a path names, and of which a target can be driven with all but the last. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'query', 'trace'] as const;
const UNDRIVEN = ['trace'];

/**
 * The operations of an OpenAPI document, 2.0 to 3.2, YAML or JSON.
 * @param url of the service, in place of the document's servers
 * @throws CommbenchError bad-option where it is none
 */
export async function operationsOfOpenApi(file: string, url?: string): Promise<FoundOperation[]> {
  const document = await readApi(file);
  const { api } = document;
  const paths = isMapping(api['paths']) ? Object.entries(api['paths']) : [];
  return paths.flatMap(([path, found]) => {
    const item = isMapping(found) ? found : {};
    const refusal = refusalOf(item);
    if (refusal !== undefined) return [unreadable(path, refusal)];
    const more = isMapping(item['additionalOperations']) ? item['additionalOperations'] : {};
    const all = [...METHODS.map((method) => [method, item[method]] as const), ...Object.entries(more)];
    return all.flatMap(([method, operation]) => {
      if (!isMapping(operation)) return [];
      return operationOf({ method: method.toUpperCase(), path, item, operation, document, url });
    });
  });
}

/** A path whose operations are nowhere to be read; whichever is asked for, the reason is given. */
function unreadable(path: string, unsuitable: string): FoundOperation {
  const aliases = METHODS.map((method) => `${method.toUpperCase()} ${path}`);
  return { name: path, aliases, read: () => ({ unsuitable }) };
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly item: Tree;
  readonly operation: Tree;
  readonly document: ApiDocument;
  readonly url: string | undefined;
}

function operationOf(place: Place): FoundOperation {
  const { method, path, operation } = place;
  const { operationId } = operation;
  return {
    name: `${method} ${path}`,
    aliases: typeof operationId === 'string' ? [operationId] : [],
    read: () => {
      try {
        return orUnsuitable(() => callOf(place));
      } catch (error) {
        if (error instanceof Unsuitable) return { unsuitable: error.message };
        throw error;
      }
    },
  };
}

const SECURED = "It needs a login, for example headers: { authorization: 'Bearer {{env TOKEN}}' }";

const NO_BODY: Body = { headers: {} };

function callOf({ method, path, item, operation, document, url }: Place): FoundCall {
  const { api, resolve } = document;
  assertReadable(operation);
  if (operation['deprecated'] === true) throw new Unsuitable('it is deprecated');
  if (!METHODS.some((one) => one.toUpperCase() === method) || UNDRIVEN.includes(method.toLowerCase())) {
    throw new Unsuitable(`its method is ${method}`);
  }
  const misfits: Record<string, string> = {};
  const components = isMapping(api['components']) ? api['components'] : {};
  const named = isMapping(components['schemas']) ? components['schemas'] : {};
  const onMisfit = (at: string, misfit: string) => void (misfits[at] ??= misfit);
  const reading: Reading = { resolve, named, onMisfit };
  const parameters = parametersOf(item, operation, resolve);
  // What follows # never leaves a client; some documents tell operations of one path apart by it.
  const address = addressOf(path.replace(/#.*$/, ''), parameters, reading);
  // What 2.0 calls a parameter in the body may be shared; it is a request body by now.
  const shared = parameters.find((one) => one['in'] === undefined && 'content' in one);
  const found = operation['requestBody'] ?? shared;
  const { body, headers: ofBody, omitted = [] } = found === undefined ? NO_BODY : bodyOf(found, reading);
  const { base, note } = baseOf([operation['servers'], item['servers'], api['servers']], url);
  const full = new URL(base).pathname.replace(/\/$/, '') + address.path;
  if (full.length > 2000) throw new Unsuitable(`its path has ${full.length} characters, more than 2,000`);
  const headers = { ...address.headers, ...ofBody };
  const isStream = answersWithEvents(operation);
  const aside = [...(isSecured(operation, api) ? [SECURED] : []), ...omitted];
  return {
    title: titleOf(operation, `${method} ${path}`),
    transport: 'rest',
    interaction: isStream ? 'server-stream' : 'request-reply',
    url: base,
    settings: {
      method,
      path: full,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...(body === undefined ? {} : { body }),
      success: { status: statusOf(operation) },
      ...(isStream ? ONE_ITEM.settings : {}),
    },
    notes: {
      ...ONE_ITEM.notes,
      ...(note === undefined ? {} : { url: note }),
      ...(aside.length > 0 ? { method: aside.join('. ') } : {}),
      ...requestNotes(path, body, misfits),
    },
    misfits: [...Object.entries(misfits).map(([at, misfit]) => `${at}: ${misfit}`), ...omitted],
  };
}

/** Comments on the parts of a request. */
function requestNotes(path: string, body: unknown, misfits: Readonly<Record<string, string>>) {
  const ofPath = path.includes('{') ? 'Replace with values that exist in your service.' : undefined;
  const ofBody = 'Example that fits the schema; check that your service accepts it.';
  return {
    ...noteOf('path', ofPath, misfits, /^(path|query)/),
    ...noteOf('headers', undefined, misfits, /^(header|cookie)/),
    ...noteOf('body', body === undefined ? undefined : ofBody, misfits, /^body/),
  };
}

/** Every one of its alternatives asks for a login. */
function isSecured(operation: Tree, api: Tree): boolean {
  const security = operation['security'] ?? api['security'];
  return (
    Array.isArray(security) &&
    security.length > 0 &&
    !security.some((one) => isMapping(one) && Object.keys(one).length === 0)
  );
}

/** Its successes are server-sent events, and nothing else. */
function answersWithEvents({ responses }: Tree): boolean {
  const successes = Object.entries(isMapping(responses) ? responses : {}).filter(([status]) =>
    status.startsWith('2'),
  );
  const types = successes.flatMap(([, answer]) =>
    isMapping(answer) && isMapping(answer['content']) ? Object.keys(answer['content']) : [],
  );
  return types.length > 0 && types.every((type) => /^text\/event-stream\b/i.test(type));
}

/** The misfit stands in the place of the usual note. */
function noteOf(
  field: string,
  usual: string | undefined,
  misfits: Readonly<Record<string, string>>,
  places: RegExp,
) {
  const wrong = Object.entries(misfits).filter(([at]) => places.test(at));
  const text =
    wrong.length === 0
      ? usual
      : `Does not fit its schema, correct it: ${wrong.map(([at, misfit]) => `${at}: ${misfit}`).join('; ')}`;
  return text === undefined ? {} : { [field]: text };
}

/** The operation's own come before those of its path. */
function parametersOf(item: Tree, operation: Tree, resolve: ApiDocument['resolve']): Tree[] {
  const lists = [item['parameters'], operation['parameters']].map((list) =>
    Array.isArray(list) ? (list as unknown[]) : [],
  );
  const all = lists.flat().map((one) => {
    const found = followed(one, resolve);
    assertReadable(found);
    return found;
  });
  return [
    ...new Map(
      all.filter(isMapping).map((one) => [`${String(one['in'])} ${String(one['name'])}`, one]),
    ).values(),
  ];
}

function titleOf({ summary, operationId }: Tree, name: string): string {
  const words = typeof summary === 'string' ? summary.trim() : '';
  return (words || (typeof operationId === 'string' ? operationId : name)).slice(0, 60);
}

/** The successes that it names; none: any. */
function statusOf({ responses }: Tree): string | number | (string | number)[] {
  const named = Object.keys(isMapping(responses) ? responses : {}).filter((status) =>
    /^2(\d\d|XX)$/i.test(status),
  );
  const list = named.map((status) => (/^\d+$/.test(status) ? Number(status) : '2xx'));
  return list.length === 0 ? '2xx' : list.length === 1 ? list[0]! : list;
}
