import { create, createFileRegistry, type DescMethod, fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import { loadDescriptors } from '../methods.ts';

/**
 * Methods by their operation, described for @bufbuild/protobuf at start: no code is generated.
 * @param version of the contract; absent: the first
 */
export function describeMethods(version?: string): ReadonlyMap<string, DescMethod> {
  const file = loadDescriptors(version).map((bytes) =>
    completed(fromBinary(FileDescriptorProtoSchema, bytes)),
  );
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const services = [...registry].filter((one) => one.kind === 'service');
  return new Map(services.flatMap(({ methods }) => methods.map((method) => [method.localName, method])));
}

/**
 * protobufjs, which reads the .proto files, leaves out what protoc writes: a field's name in JSON, the whole name of its
 * type, and that it is `optional`.
 */
function completed(file: FileDescriptorProto): FileDescriptorProto {
  const names = new Map<string, string>();
  const scope = `.${file.package}`;
  for (const { name } of file.enumType) names.set(`${scope}.${name}`, name);
  for (const message of file.messageType) enterNames(message, scope, names);
  for (const message of file.messageType) completeFields(message, scope, names);
  return file;
}

type Names = Map<string, string>;

function enterNames({ name, enumType, nestedType }: DescriptorProto, scope: string, names: Names): void {
  const own = `${scope}.${name}`;
  names.set(own, name);
  for (const one of enumType) names.set(`${own}.${one.name}`, one.name);
  for (const one of nestedType) enterNames(one, own, names);
}

function completeFields(message: DescriptorProto, scope: string, names: Names): void {
  const own = `${scope}.${message.name}`;
  for (const field of message.field) {
    field.jsonName = protoCamelCase(field.name);
    if (field.typeName !== '') field.typeName = wholeName(field.typeName, own, names);
    // The name of the oneof that protoc makes for an optional field alone.
    const oneof = message.oneofDecl[field.oneofIndex]?.name;
    if (oneof === `_${field.name}`) field.proto3Optional = true;
  }
  for (const one of message.nestedType) completeFields(one, own, names);
}

/** A name is looked up in its own message first, then outwards. */
function wholeName(name: string, from: string, names: Names): string {
  if (name.startsWith('.')) return name;
  for (let scope = from; ; scope = scope.slice(0, scope.lastIndexOf('.'))) {
    if (names.has(`${scope}.${name}`)) return `${scope}.${name}`;
    if (scope === '') return name;
  }
}
