import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf';

type Fields = Record<string, unknown>;

/** A body of ours as a message of @bufbuild/protobuf, and back: an application has such a mapping of its own. */
export interface BodyCodec {
  /** @throws Error where the body is no object */
  toMessage(body: unknown): Message;
  toBody(message: Message): Fields;
}

/** Chosen once for each type, so that a call does only what its fields need. */
export function bodyCodecOf(desc: DescMessage): BodyCodec {
  const known = CODECS.get(desc);
  if (known) return known;
  const codec = codecOf(desc);
  CODECS.set(desc, codec);
  return codec;
}

const CODECS = new WeakMap<DescMessage, BodyCodec>();

function codecOf(desc: DescMessage): BodyCodec {
  const fields = desc.fields.map((field) => {
    const { name, localName, oneof } = field;
    return { name, localName, isOptional: oneof !== undefined, ...valueCodecOf(field) };
  });
  return {
    toMessage(body) {
      if (typeof body !== 'object' || body === null)
        throw new Error(`Expected a body of ${desc.typeName}, found ${String(body)}`);
      const message = create(desc) as unknown as Fields;
      for (const { name, localName, write } of fields) {
        const value = (body as Fields)[name];
        if (value !== undefined) message[localName] = write(value);
      }
      return message as unknown as Message;
    },
    toBody(message) {
      const body: Fields = {};
      for (const { name, localName, isOptional, read } of fields) {
        const value = (message as unknown as Fields)[localName];
        // Only an optional field can be absent.
        if (!(isOptional && value === undefined)) body[name] = read(value);
      }
      return body;
    },
  };
}

interface ValueCodec {
  readonly write: (value: unknown) => unknown;
  readonly read: (value: unknown) => unknown;
}

const SAME: ValueCodec = { write: (value) => value, read: (value) => value };
/** Bodies have plain numbers: instants in milliseconds are exact in them. */
const LONG: ValueCodec = { write: (value) => BigInt(value as number), read: Number };

function valueCodecOf(field: DescField): ValueCodec {
  switch (field.fieldKind) {
    case 'scalar':
      return field.scalar === ScalarType.INT64 ? LONG : SAME;
    case 'enum':
      return enumCodecOf(field.enum);
    case 'message':
      return messageCodecOf(field.message);
    case 'list':
      return listCodecOf(field.message ? messageCodecOf(field.message) : SAME);
    case 'map':
      return SAME;
  }
}

/** Names in bodies, as in every other transport. */
function enumCodecOf({ typeName, values }: DescEnum): ValueCodec {
  const numbers = new Map(values.map(({ name, number }) => [name, number]));
  const names = new Map(values.map(({ name, number }) => [number, name]));
  return {
    write(value) {
      const number = numbers.get(value as string);
      if (number === undefined) throw new Error(`Expected a value of ${typeName}, found ${String(value)}`);
      return number;
    },
    read: (value) => names.get(value as number) ?? value,
  };
}

function messageCodecOf(desc: DescMessage): ValueCodec {
  return {
    write: (value) => bodyCodecOf(desc).toMessage(value),
    read: (value) => bodyCodecOf(desc).toBody(value as Message),
  };
}

function listCodecOf({ write, read }: ValueCodec): ValueCodec {
  return {
    write: (value) => (value as readonly unknown[]).map(write),
    read: (value) => (value as readonly unknown[]).map(read),
  };
}
