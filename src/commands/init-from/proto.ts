import path from 'node:path';
import protobuf from 'protobufjs';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseValue } from '../../kernel/text-template.ts';
import { type LoadedProto, loadProto } from '../../transports/grpc/load-proto.ts';
import { sampleProblems } from '../../transports/grpc/target-message.ts';
import { methodsOfLoaded, type TargetMethod } from '../../transports/grpc/target-methods.ts';
import { type FieldRules, fieldRules, unreadOfMessage, valueByRules } from './field-rules.ts';
import {
  type FoundCall,
  type FoundOperation,
  ONE_ITEM,
  REPLACE_ADDRESS,
  type Unsuited,
} from './found-call.ts';

/** Depths to which messages in messages are written; the deepest one of which is small enough is taken. */
const DEPTHS = [6, 4, 3, 2, 1, 0];
const MAX_VALUES = 2000;

/** What a .proto is read with. */
export interface ProtoSource {
  readonly file: string;
  readonly include: readonly string[];
  /** Of the scenario that will name the file. */
  readonly folder: string;
  /** Of the service. */
  readonly url?: string | undefined;
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
  if (method.requestStream) return { unsuitable: 'it takes a stream' };
  const broken = new Set<string>();
  const message = messageOf(
    method.resolvedRequestType!,
    (place, what) => void broken.add(`${place}: ${what}`),
  );
  if (message === undefined)
    return { unsuitable: 'its request has more than 2,000 values, or is without end' };
  const problems = sampleProblems(target, parseValue(message, 0));
  const misfits = problems.map((problem) => `message: ${problem.message}`);
  const rules = [...broken];
  const relative = (one: string) => path.relative(source.folder, one) || '.';
  return {
    title: method.name.slice(0, 60),
    transport: 'grpc',
    interaction: method.responseStream ? 'server-stream' : 'request-reply',
    url: source.url ?? 'grpc://127.0.0.1:50051',
    settings: {
      proto: relative(source.file),
      ...(source.include.length > 0 ? { include: source.include.map(relative) } : {}),
      method: name,
      message,
      ...(method.responseStream ? ONE_ITEM.settings : {}),
    },
    notes: {
      ...ONE_ITEM.notes,
      ...(source.url === undefined ? { url: REPLACE_ADDRESS } : {}),
      message: messageNote(misfits, rules),
    },
    misfits: [...misfits, ...rules],
  };
}

function messageNote(misfits: readonly string[], rules: readonly string[]): string {
  if (misfits.length > 0) return `Does not fit its .proto, correct it: ${misfits.join('; ')}`;
  const fits = 'Example that fits the .proto, with the first member of each oneof';
  return rules.length > 0
    ? `${fits}. Correct it where it must: ${rules.join('; ')}`
    : `${fits}; check that your service accepts it.`;
}

function messageOf(type: protobuf.Type, onBroken: Making['onBroken']): object | undefined {
  for (const depth of DEPTHS) {
    const making = { left: MAX_VALUES, onBroken };
    const message = exampleOf(type, depth, making);
    if (message !== undefined && making.left >= 0) return message;
  }
  return undefined;
}

/** A message in the making. */
interface Making {
  /** Values that it may still have. */
  left: number;
  /** Takes a rule that it may break, of a field or a message. */
  readonly onBroken: (place: string, what: string) => void;
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
function exampleOf(type: protobuf.Type, depth: number, making: Making): object | undefined {
  const known = KNOWN[type.fullName];
  if (known) return known;
  for (const rule of unreadOfMessage(type)) making.onBroken(type.fullName.slice(1), `${rule} is not kept to`);
  const fields: [string, unknown][] = [];
  const written = new Set<protobuf.OneOf>();
  for (const field of type.fieldsArray) {
    if (--making.left < 0) return undefined;
    // Only one member of a oneof goes over the wire.
    if (field.partOf && written.has(field.partOf)) continue;
    const value = exampleOfField(field, depth, making);
    if (value === undefined && field.required) return undefined;
    if (value === undefined) continue;
    fields.push([field.name, value]);
    if (field.partOf) written.add(field.partOf);
  }
  return Object.fromEntries(fields);
}

function exampleOfField(field: protobuf.Field, depth: number, making: Making): unknown {
  const type = field.resolve().resolvedType;
  if (type instanceof protobuf.Type && (field.required ? depth < -MAX_REQUIRED : depth <= 0))
    return undefined;
  const rules = fieldRules(field);
  const { value, misfit } = oneValue(field, rules, depth, making);
  if (value === undefined) return undefined;
  const broken = [
    ...rules.unread.map((rule) => `${rule} is not kept to`),
    ...(misfit === undefined ? [] : [misfit]),
  ];
  for (const what of broken) making.onBroken(field.fullName.slice(1), what);
  if (field instanceof protobuf.MapField) return { [keyOf(field.keyType)]: value };
  if (!field.repeated) return value;
  making.left -= (rules.minItems - 1) * leavesIn(value);
  return making.left < 0 ? undefined : Array.from({ length: rules.minItems }, () => value);
}

/** A value of the field, or of each of its items. */
function oneValue(
  { resolvedType: type, type: scalarType, name }: protobuf.Field,
  rules: FieldRules,
  depth: number,
  making: Making,
): { value: unknown; misfit?: string } {
  if (type instanceof protobuf.Enum) return { value: nameIn(type, rules) };
  if (!(type instanceof protobuf.Type)) return valueByRules(scalarType, scalar(scalarType, name), rules);
  const wrapped = /^\.google\.protobuf\.\w+Value$/.test(type.fullName) ? type.fields['value'] : undefined;
  if (!wrapped) return { value: exampleOf(type, depth - 1, making) };
  const { value, ...beside } = valueByRules(wrapped.type, scalar(wrapped.type, name), rules);
  return { value: { value }, ...beside };
}

function leavesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + leavesIn(inner), 0);
}

/** The first value mostly stands for "unspecified". */
function nameIn({ values }: protobuf.Enum, { among }: FieldRules): string | undefined {
  const names = Object.keys(values).filter((name) => among?.includes(values[name]!) ?? true);
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
