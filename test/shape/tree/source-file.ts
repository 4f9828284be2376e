import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, type EcmaScriptModule } from 'oxc-parser';
import { factsOf, type SyntaxFacts } from './syntax-facts.ts';

/** One TypeScript file, parsed once for all rules. */
export interface SourceFile extends SyntaxFacts {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly exports: readonly Mention[];
  /** Lines with code: neither blank nor comment alone. */
  readonly codeLines: readonly number[];
  readonly lineCount: number;
}

export interface Mention {
  readonly name: string;
  readonly line: number;
}

interface Import {
  readonly line: number;
  /** From the root. */
  readonly target: string;
}

/** Imports of packages are no business of any rule. */
export function readSourceFile(root: string, file: string): SourceFile {
  const text = readFileSync(path.join(root, file), 'utf8');
  const { program, module, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]!.message}`);
  const lineAt = lineFinder(text);
  const facts = factsOf(program, lineAt);
  const specifiers = [...specifiersOf(module, text, lineAt), ...facts.typeImports];
  return {
    path: file,
    ...facts,
    imports: specifiers.flatMap(({ name, line }) =>
      name.startsWith('.') ? [{ line, target: path.posix.join(path.posix.dirname(file), name) }] : [],
    ),
    exports: module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ exportName, start }) =>
        exportName.name === null ? [] : [{ name: exportName.name, line: lineAt(exportName.start ?? start) }],
      ),
    ),
    codeLines: codeLinesOf(text, comments),
    lineCount: text.split('\n').length - 1,
  };
}

/** Of `import`, `import type`, `export from` and `import()` with a literal; each specifier as written. */
function specifiersOf(module: EcmaScriptModule, text: string, lineAt: LineFinder): Mention[] {
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest ?? [])),
  ];
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    start,
    // Anything but a literal is found by listing a folder, and leads to no one file.
    value: /^'(.*)'$/.exec(text.slice(start, end))?.[1] ?? '',
  }));
  return [...requests, ...dynamic].map(({ value, start }) => ({ name: value, line: lineAt(start) }));
}

export type LineFinder = (offset: number) => number;

function lineFinder(text: string): LineFinder {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function codeLinesOf(text: string, comments: readonly { start: number; end: number }[]): number[] {
  let code = '';
  let from = 0;
  for (const { start, end } of comments) {
    code += text.slice(from, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ');
    from = end;
  }
  const lines = (code + text.slice(from)).split('\n');
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [i + 1]));
}
