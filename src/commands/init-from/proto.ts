import path from 'node:path';
import protobuf from 'protobufjs';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseValue } from '../../kernel/text-template.ts';
import { type LoadedProto, loadProto } from '../../transports/grpc/load-proto.ts';
import { sampleProblems } from '../../transports/grpc/target-message.ts';
import { methodsOfLoaded, type TargetMethod } from '../../transports/grpc/target-methods.ts';
import type { FoundCall, FoundOperation, Unsuited } from './found-call.ts';

/** Depths to which messages in messages are written; the deepest one of which is small enough is taken. */
const DEPTHS = [6, 4, 3, 2, 1, 0];
const MAX_VALUES = 2000;

/** What a .proto is read with. */
export interface ProtoSource {
  readonly file: string;
  readonly include: readonly string[];
  /** Of the scenario that will name the file. */
  readonly folder: string;
}

/**
 * The methods of a .proto file.
 * @throws CommbenchError bad-option where it can't be parsed
 */
export function operationsOfProto(source: ProtoSource): FoundOperation[] {
  const loaded = parsed(source);
  const methods = methodsOfLoaded(loaded);
  return servicesIn(loaded.root).flatMap((service) =>
    service.methodsArray.map((method): FoundOperation => {
      const owner = service.fullName.replace(/^\./, '');
      const name = `${owner}/${method.name}`;
      return {
        name,
        aliases: [method.name, `${owner}.${method.name}`],
        read: () => callOf(name, method, methods.get(name)!, source),
      };
    }),
  );
}

function parsed({ file, include }: ProtoSource): LoadedProto {
  try {
    return loadProto(file, include);
  } catch (error) {
    const why = (error as Error).message;
    throw new CommbenchError('bad-option', `--from: ${file} is not a valid .proto file: ${why}`, {
      hint: why.includes('imports that were not found')
        ? '--include DIR names a folder of imports. A server with reflection needs no file: `reflection: true` in the target.'
        : 'It must be a file of Protocol Buffers, proto2, proto3 or an edition.',
    });
  }
}

function servicesIn(space: protobuf.NamespaceBase): protobuf.Service[] {
  return space.nestedArray.flatMap((one) => {
    if (one instanceof protobuf.Service) return [one];
    return one instanceof protobuf.Namespace ? servicesIn(one) : [];
  });
}

function callOf(
  name: string,
  method: protobuf.Method,
  target: TargetMethod,
  source: ProtoSource,
): FoundCall | Unsuited {
  if (method.requestStream || method.responseStream) return { unsuitable: 'it streams' };
  const message = messageOf(method.resolvedRequestType!);
  if (message === undefined)
    return { unsuitable: 'its request has more than 2,000 values, or is without end' };
  const problems = sampleProblems(target, parseValue(message, 0));
  const misfits = problems.map((problem) => `message: ${problem.message}`);
  const relative = (one: string) => path.relative(source.folder, one) || '.';
  return {
    title: method.name.slice(0, 60),
    transport: 'grpc',
    url: 'grpc://127.0.0.1:50051',
    settings: {
      proto: relative(source.file),
      ...(source.include.length > 0 ? { include: source.include.map(relative) } : {}),
      method: name,
      message,
    },
    notes: {
      url: 'Replace with the address of your service; other machines need --allow-remote HOST.',
      message:
        misfits.length > 0
          ? `Does not fit its .proto, correct it: ${misfits.join('; ')}`
          : 'Example that fits the .proto, with the first member of each oneof; check that your service accepts it.',
    },
    misfits,
  };
}

function messageOf(type: protobuf.Type): object | undefined {
  for (const depth of DEPTHS) {
    const left = { values: MAX_VALUES };
    const message = exampleOf(type, depth, left);
    if (message !== undefined && left.values >= 0) return message;
  }
  return undefined;
}

/** Types whose fields have a meaning beyond their numbers. */
const KNOWN: Readonly<Record<string, object>> = {
  '.google.protobuf.Any': {},
  '.google.protobuf.FieldMask': {},
  '.google.protobuf.Timestamp': { seconds: '1769860800' },
  '.google.protobuf.Duration': { seconds: '1' },
  '.google.type.Date': { year: 2026, month: 1, day: 31 },
  '.google.type.TimeOfDay': { hours: 12 },
};
/** A required message in a required message ...: more has no end. */
const MAX_REQUIRED = 20;

/** @returns undefined where a field that must be there has no end */
function exampleOf(type: protobuf.Type, depth: number, left: { values: number }): object | undefined {
  const known = KNOWN[type.fullName];
  if (known) return known;
  const fields: [string, unknown][] = [];
  const written = new Set<protobuf.OneOf>();
  for (const field of type.fieldsArray) {
    if (--left.values < 0) return undefined;
    // Only one member of a oneof goes over the wire.
    if (field.partOf && written.has(field.partOf)) continue;
    const value = exampleOfField(field, depth, left);
    if (value === undefined && field.required) return undefined;
    if (value === undefined) continue;
    fields.push([field.name, value]);
    if (field.partOf) written.add(field.partOf);
  }
  return Object.fromEntries(fields);
}

function exampleOfField(field: protobuf.Field, depth: number, left: { values: number }): unknown {
  const type = field.resolve().resolvedType;
  if (type instanceof protobuf.Type && (field.required ? depth < -MAX_REQUIRED : depth <= 0))
    return undefined;
  const value =
    type instanceof protobuf.Type
      ? exampleOf(type, depth - 1, left)
      : type instanceof protobuf.Enum
        ? nameIn(type)
        : scalar(field.type, field.name);
  if (value === undefined) return undefined;
  if (field instanceof protobuf.MapField) return { [keyOf(field.keyType)]: value };
  return field.repeated ? [value] : value;
}

/** The first value mostly stands for "unspecified". */
function nameIn({ values }: protobuf.Enum): string | undefined {
  const names = Object.keys(values);
  return names.find((name) => values[name] !== 0) ?? names[0];
}

/** Keys have no holes. */
function keyOf(type: string): string {
  return type === 'string' ? 'text' : type === 'bool' ? 'true' : '1';
}

function scalar(type: string, name: string): unknown {
  switch (type) {
    case 'string':
      return /(^|_)id$/.test(name)
        ? '{{uuid}}'
        : /mail/.test(name)
          ? 'user-{{sequence}}@example.org'
          : 'text';
    case 'bytes':
      return 'AAAA';
    case 'bool':
      return true;
    default:
      return '{{random 1 100}}';
  }
}
