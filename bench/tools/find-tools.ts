import { existsSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../src/platform/process/find-program.ts';
import { CommbenchError } from '../../src/kernel/errors.ts';
import { KNOWN_TOOLS, templateTool } from './known-tools.ts';
import { OWN_TOOLS } from './own-generator.ts';
import type { FoundTool, Tool } from './tool.ts';

/** `--tool NAME=COMMAND`, its command in words. */
export interface GivenTool {
  readonly name: string;
  readonly words: readonly string[];
}

export interface Tools {
  /** Ours among them. */
  readonly found: readonly FoundTool[];
  readonly missing: readonly Tool[];
}

/** Programs that `npm install` put into this folder's project count as found. */
const LOCAL_PROGRAMS = path.join('node_modules', '.bin');

/**
 * The tools asked for (none: all that are known) and those given, found or not; and ourselves, over gRPC
 * only where somebody else is there to be compared with.
 * @throws CommbenchError bad-option
 */
export function findTools(
  names: readonly string[],
  given: readonly GivenTool[],
  searchPath = process.env['PATH'] ?? '',
): Tools {
  // `--tool ghz=...` is the program of both ways to use it.
  const givenFor = (tool: Tool) => given.find(({ name }) => name === tool.name || name === tool.program);
  const known = KNOWN_TOOLS.filter(
    (tool) =>
      names.length === 0 ||
      names.includes(tool.name) ||
      names.includes(tool.program!) ||
      givenFor(tool) !== undefined,
  );
  refuseUnknown(names, given);
  refuseTwice(given);
  const others: FoundTool[] = [];
  const missing: Tool[] = [];
  const places = [path.resolve(LOCAL_PROGRAMS), searchPath].join(path.delimiter);
  for (const tool of known) {
    const own = givenFor(tool);
    const file = findProgram(tool.program!, places);
    if (own) others.push(givenProgram(tool, own, places));
    else if (file === undefined) missing.push(tool);
    else others.push({ tool, file, first: [] });
  }
  for (const one of given.filter(({ name }) => !KNOWN_TOOLS.some((tool) => tool.name === name))) {
    others.push(givenTemplate(one, places));
  }
  const protocols = new Set(['http', ...others.map(({ tool }) => tool.protocol)]);
  return { found: [...OWN_TOOLS.filter(({ tool }) => protocols.has(tool.protocol)), ...others], missing };
}

function refuseUnknown(names: readonly string[], given: readonly GivenTool[]): void {
  const all = [
    ...KNOWN_TOOLS.flatMap(({ name, program }) => [name, program!]),
    ...given.map(({ name }) => name),
  ];
  const own = OWN_TOOLS.map(({ tool }) => tool.name);
  const unknown = names.find((name) => ![...all, ...own].includes(name));
  if (unknown === undefined) return;
  throw new CommbenchError(
    'bad-option',
    `Expected tools out of ${[...new Set(all)].join(', ')}, found ${unknown}`,
    {
      hint: `Another one takes its command: --tool '${unknown}=${unknown} … {url} {rate} {seconds} {connections}'`,
    },
  );
}

/** By their names turns are told apart. */
function refuseTwice(given: readonly GivenTool[]): void {
  const twice = given.find(({ name }, i) => given.findIndex((one) => one.name === name) < i);
  if (!twice) return;
  throw new CommbenchError('bad-option', `--tool: Expected each name once, found ${twice.name} again`, {
    hint: 'Under another name it takes its whole command, with {url} and {rate}.',
  });
}

/** A known tool that is somewhere else, or is started by something: its own arguments come after. */
function givenProgram(tool: Tool, { words }: GivenTool, places: string): FoundTool {
  return { tool, file: programOf(words[0]!, places), first: words.slice(1) };
}

function givenTemplate({ name, words }: GivenTool, places: string): FoundTool {
  if (OWN_TOOLS.some(({ tool }) => tool.name === name)) {
    throw new CommbenchError(
      'bad-option',
      `--tool: Expected another name than ${name}, which is this program`,
    );
  }
  if (!['{url}', '{rate}'].every((place) => words.some((word) => word.includes(place)))) {
    throw new CommbenchError(
      'bad-option',
      `--tool ${name}: Expected {url} and {rate} in its command, found ${words.join(' ')}`,
      {
        hint: `Only ${KNOWN_TOOLS.map((tool) => tool.name).join(', ')} are known well enough to do without.`,
      },
    );
  }
  return { tool: templateTool(name, words), file: programOf(words[0]!, places), first: [] };
}

function programOf(word: string, places: string): string {
  const isPath = word.includes('/');
  const file = isPath ? path.resolve(word) : findProgram(word, places);
  if (file !== undefined && existsSync(file)) return file;
  const where = isPath ? 'a program there' : 'a program on the PATH';
  throw new CommbenchError('bad-option', `--tool: Expected ${where}, found no ${word}`);
}
