import path from 'node:path';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { CommbenchError } from '../../kernel/errors.ts';
import { foldersFor } from '../../transports/grpc/target-methods.ts';
import type { FoundCall } from './found-call.ts';

/** A message that holds itself is cut off there. */
const MAX_DEPTH = 5;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}
interface EnumType {
  readonly name: string;
  readonly value: readonly { readonly name: string }[];
}
interface MessageType {
  readonly name: string;
  readonly field: readonly Field[];
  readonly nestedType: readonly MessageType[];
  readonly enumType: readonly EnumType[];
  readonly options?: { readonly mapEntry?: boolean } | null;
}

/**
 * The methods of a .proto file.
 * @param from folder of the scenario that will name it
 * @throws CommbenchError bad-option where it can't be parsed
 */
export function callsOfProto(file: string, from: string): FoundCall[] {
  const definitions = parsed(file);
  const proto = path.relative(from, file);
  return Object.entries(definitions).flatMap(([service, definition]) => {
    // Messages and enums stand in the same list; they have a format.
    if ('format' in definition) return [];
    return Object.entries(definition).map(([name, method]): FoundCall => {
      const request = method.requestType.type as MessageType;
      const scope = scopeOf(request, definitions) ?? packageOf(service);
      const message = exampleOf(request, { definitions, scope, depth: 0 });
      return {
        name: `${service}/${name}`,
        aliases: [name, `${service}.${name}`],
        title: name.slice(0, 60),
        transport: 'grpc',
        url: 'grpc://127.0.0.1:50051',
        settings: { proto, method: `${service}/${name}`, message },
        notes: {
          url: 'Replace with the address of your service; other machines need --allow-remote HOST.',
          message:
            'Example made from the .proto, with every field of a oneof; check that your service accepts it.',
        },
        ...(method.requestStream || method.responseStream ? { unsuitable: 'it streams' } : {}),
      };
    });
  });
}

function parsed(file: string): PackageDefinition {
  try {
    return loadSync(file, { keepCase: true, includeDirs: foldersFor(file) });
  } catch (error) {
    const why = (error as Error).message;
    throw new CommbenchError('bad-option', `--from: ${file} is not a valid .proto file: ${why}`);
  }
}

interface Surroundings {
  readonly definitions: PackageDefinition;
  /** Full name of what the message stands in; of its fields: its own. Names are looked up in it, and then further out. */
  readonly scope: string;
  readonly depth: number;
}

function exampleOf(message: MessageType, at: Surroundings): Record<string, unknown> {
  const inner = { ...at, scope: joined(at.scope, message.name), depth: at.depth + 1 };
  const fields = message.field.flatMap((field): [string, unknown][] => {
    const value = exampleOfField(field, message, inner);
    return value === undefined ? [] : [[field.name, value]];
  });
  return Object.fromEntries(fields);
}

/** Undefined past the depth to which messages are written. */
function exampleOfField(field: Field, owner: MessageType, at: Surroundings): unknown {
  const isList = field.label === 'LABEL_REPEATED';
  if (field.type === 'TYPE_ENUM') {
    const values = enumOf(field.typeName, owner, at)?.value ?? [];
    // The first value mostly stands for "unspecified".
    const name = (values[1] ?? values[0])?.name;
    return isList && name !== undefined ? [name] : name;
  }
  if (field.type !== 'TYPE_MESSAGE') return isList ? [scalar(field)] : scalar(field);
  if (at.depth > MAX_DEPTH) return undefined;
  const nested = owner.nestedType.find(({ name }) => name === field.typeName);
  const found = nested ? { type: nested, scope: at.scope } : lookedUp(field.typeName, at);
  if (!found) return undefined;
  const type = found.type as MessageType;
  const value = exampleOf(type, { ...at, scope: found.scope });
  if (type.options?.mapEntry) return { [keyOf(value['key'])]: value['value'] };
  return isList ? [value] : value;
}

/** Keys have no holes. */
function keyOf(example: unknown): string {
  const text = String(example);
  return text.startsWith('{{') ? '1' : text;
}

function scalar({ type, name }: Field): unknown {
  switch (type) {
    case 'TYPE_STRING':
      return /(^|_)id$/.test(name)
        ? '{{uuid}}'
        : /mail/.test(name)
          ? 'user-{{sequence}}@example.org'
          : 'text';
    case 'TYPE_BYTES':
      return 'AAAA';
    case 'TYPE_BOOL':
      return true;
    default:
      return '{{random 1 100}}';
  }
}

function enumOf(name: string, owner: MessageType, at: Surroundings): EnumType | undefined {
  const own = owner.enumType.find((one) => one.name === name);
  return own ?? (lookedUp(name, at)?.type as EnumType | undefined);
}

interface Found {
  readonly type: object;
  /** Full name of what it stands in. */
  readonly scope: string;
}

/** From the innermost scope outwards, as protoc does. */
function lookedUp(name: string, { definitions, scope }: Surroundings): Found | undefined {
  const scopes = scope.split('.');
  for (let n = scopes.length; n >= 0; n--) {
    const full = joined(scopes.slice(0, n).join('.'), name.replace(/^\./, ''));
    const type = typeAt(full, definitions);
    if (type) return { type, scope: packageOf(full) };
  }
  return undefined;
}

/** Only what stands in no other message is listed by its name. */
function typeAt(full: string, definitions: PackageDefinition): object | undefined {
  const names = full.split('.');
  for (let n = names.length; n > 0; n--) {
    const found = definitions[names.slice(0, n).join('.')];
    if (found && 'format' in found) return within(found.type, names.slice(n));
  }
  return undefined;
}

function within(type: object, names: readonly string[]): object | undefined {
  return names.reduce<object | undefined>((at, name) => {
    const { nestedType = [], enumType = [] } = (at ?? {}) as Partial<MessageType>;
    return [...nestedType, ...enumType].find((one) => one.name === name);
  }, type);
}

/** The package of a method's own message. It may differ from that of the service, and the library does not say it. */
function scopeOf(message: MessageType, definitions: PackageDefinition): string | undefined {
  const text = JSON.stringify(message);
  const found = Object.entries(definitions).find(([, definition]) => {
    if (!('format' in definition)) return false;
    const type = definition.type as MessageType;
    return type.name === message.name && JSON.stringify(type) === text;
  });
  return found && packageOf(found[0]);
}

function joined(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

/** All but the last name. */
function packageOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
