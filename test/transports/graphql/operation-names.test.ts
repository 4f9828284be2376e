import { type DefinitionNode, Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import { operationNames } from '../../../src/transports/graphql/operation-names.ts';

/** As graphql's own parser has them. */
function parsedNames(document: string): string[] {
  return parse(document).definitions.flatMap((one: DefinitionNode) =>
    one.kind === Kind.OPERATION_DEFINITION ? [`${one.operation} ${one.name?.value ?? ''}`.trim()] : [],
  );
}

it.each([
  '{ user(id: 1) { id } }',
  'query { user { id } }',
  'query GetUser($id: ID! = "}") { user(id: $id) { ...Parts } } fragment Parts on User { id }',
  '# query Not { x }\nmutation Make($a: [In!] = [{ n: 1 }]) @live(if: true) { make(a: $a) { id } }',
  'query A { query: user { id } } mutation B { b(text: """a "quoted" { text""") } subscription { s }',
  'fragment query on User { id } query query { user { ...query } }',
  'query A { a(s: "\\"{") } { b }',
])('finds what the parser finds: %s', (document) => {
  expect(operationNames(document)).toEqual(parsedNames(document));
});
