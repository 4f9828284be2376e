import { type Expression, type Program, type Span, Visitor } from 'oxc-parser';
import type { LineFinder, Mention } from './source-file.ts';

/** What the rules want of a syntax tree, gathered in one pass over it. */
export interface SyntaxFacts {
  /** Declared, expressed and arrow functions, methods included. */
  readonly functions: readonly Extent[];
  /** Interfaces and object types, in alias or in place. */
  readonly objectTypes: readonly ObjectType[];
  /** Of `import('./file.ts').Type`. */
  readonly typeImports: readonly Mention[];
  /** Each name once, where it stands first; names of others' members (`Math.floor`) aren't ours. */
  readonly identifiers: readonly Mention[];
  /** String literals and the texts of templates. */
  readonly strings: readonly Mention[];
  /** Of tests and of their groups. */
  readonly titles: readonly Mention[];
}

const TITLED = new Set(['describe', 'it', 'test']);

interface Extent {
  readonly line: number;
  readonly lastLine: number;
}

interface ObjectType {
  readonly line: number;
  readonly members: number;
}

export function factsOf(program: Program, lineAt: LineFinder): SyntaxFacts {
  const functions: Extent[] = [];
  const objectTypes: ObjectType[] = [];
  const typeImports: Mention[] = [];
  const identifiers = new Map<string, Mention>();
  const strings: Mention[] = [];
  const titles: Mention[] = [];
  const addFunction = ({ start, end }: Span) =>
    functions.push({ line: lineAt(start), lastLine: lineAt(end - 1) });
  const addType = ({ start }: Span, members: readonly unknown[]) =>
    objectTypes.push({ line: lineAt(start), members: members.length });
  const members = new Set<number>();
  const addName = ({ name, start }: Span & { name: string }) => {
    if (!members.has(start) && !identifiers.has(name)) identifiers.set(name, { name, line: lineAt(start) });
  };
  new Visitor({
    FunctionDeclaration: addFunction,
    FunctionExpression: addFunction,
    ArrowFunctionExpression: addFunction,
    TSInterfaceBody: (node) => addType(node, node.body),
    TSTypeLiteral: (node) => addType(node, node.members),
    TSImportType: ({ source, start }) => typeImports.push({ name: source.value, line: lineAt(start) }),
    MemberExpression: ({ computed, property }) => {
      if (!computed) members.add(property.start);
    },
    CallExpression: (call) => {
      if (!TITLED.has(rootOf(call))) return;
      const [first] = call.arguments;
      if (first?.type === 'Literal') titles.push({ name: String(first.value), line: lineAt(first.start) });
      if (first?.type === 'TemplateLiteral') {
        const name = first.quasis.map(({ value }) => value.cooked ?? '').join(' ');
        titles.push({ name, line: lineAt(first.start) });
      }
    },
    Identifier: addName,
    PrivateIdentifier: addName,
    Literal: ({ value, start }) => {
      if (typeof value === 'string') strings.push({ name: value, line: lineAt(start) });
    },
    TemplateElement: ({ value, start }) => strings.push({ name: value.cooked ?? '', line: lineAt(start) }),
  }).visit(program);
  return { functions, objectTypes, typeImports, identifiers: [...identifiers.values()], strings, titles };
}

/** `test` of `test(…)`, `test.only(…)` and `test.each(…)(…)`. */
function rootOf(called: Expression): string {
  switch (called.type) {
    case 'Identifier':
      return called.name;
    case 'MemberExpression':
      return rootOf(called.object);
    case 'CallExpression':
      return rootOf(called.callee);
    default:
      return '';
  }
}
