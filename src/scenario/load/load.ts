import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Catalogue } from '../../kernel/catalogue.ts';
import { cutText } from '../../kernel/foreign/cut-text.ts';
import { CommbenchError, unreadableText } from '../../kernel/errors.ts';
import { scenarioPath } from './catalogue.ts';
import { scenarioJsonSchema, type JsonSchema, type Path } from '../schema/json-schema.ts';
import { mend } from './mended.ts';
import { applyOverride, type Override } from './override.ts';
import { check, uniqueProblems } from '../rules/check.ts';
import { shownFound } from './target-secrets.ts';
import { valueText, pathText, problemsOf, type Problem, valueAtPath } from '../rules/problem.ts';
import { scenarioSchema, type Scenario } from '../schema/schema.ts';
import { MAX_FILE_BYTES, MOST_PROBLEMS, parseSource } from './source.ts';
import { withUnits } from './with-units.ts';
import { withTargetPaths } from '../schema/targets-schema.ts';

/** Bounds of a message: nobody mends more than that at once. */
const MAX_PRINTED = 20;
const LONGEST_PROBLEM = 800;
const LONGEST_LIST = 3500;

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The scenario's file. */
  readonly path: string;
}

/**
 * Reads a scenario by name or file, applies the command line's values, and validates it.
 * @param catalogue of known names; undefined: only the scenario itself is checked
 * @throws CommbenchError with all problems at once
 */
export async function loadScenario(
  nameOrPath: string,
  overrides: readonly Override[],
  catalogue?: Catalogue,
): Promise<LoadedScenario> {
  const path = await scenarioPath(nameOrPath);
  const source = parseSource(await readBounded(path));
  if ('problems' in source) {
    const lines = source.problems.map((problem) => `${path}:${problem}`);
    throw invalid(path, lines);
  }
  const schema = scenarioJsonSchema();
  const { value, origins } = overridden(withUnits(source.value), overrides, schema);
  const optionOf = ({ path: at }: Problem) => originOf(at, origins, source.value);
  const lineOf = (p: Problem) => (optionOf(p) === undefined ? source.locate(p.path, p.atKey) : '');
  const place = (p: Problem) => {
    const option = optionOf(p);
    return option === undefined ? `${path}:${lineOf(p)} ` : `${option}: `;
  };
  // In the order of the file's lines; those of options first.
  const inOrder = (a: Problem, b: Problem) => lineOf(a).localeCompare(lineOf(b), 'en', { numeric: true });
  const reject = (problems: readonly Problem[]) => {
    const placed = problems
      .toSorted(inOrder)
      .map((p) => `${place(p)}${pathText(p.path) || 'scenario'}: ${p.message}`);
    return invalid(path, placed);
  };
  const parsed = scenarioSchema.safeParse(value);
  const folder = dirname(path);
  const checkNames = async (scenario: Scenario, unknown: readonly string[]) =>
    catalogue ? check(withTargetPaths(scenario, folder), catalogue, unknown) : [];
  const problems = await problemsIn(value, schema, checkNames);
  if (!parsed.success || problems.length > 0) throw reject(problems);
  return { scenario: withTargetPaths(parsed.data, folder), path };
}

type CheckNames = (scenario: Scenario, unknown: readonly string[]) => Promise<readonly Problem[]>;

/** Problems of the fields themselves, broken rules, and unknown names in the valid part. */
async function problemsIn(value: unknown, schema: JsonSchema, checkNames: CheckNames): Promise<Problem[]> {
  const ofSchema = (of: unknown) =>
    (scenarioSchema.safeParse(of).error?.issues ?? [])
      .slice(0, MOST_PROBLEMS)
      .flatMap((issue) => problemsOf(issue, of, schema, shownIn))
      .slice(0, MOST_PROBLEMS);
  const own = ofSchema(value);
  // So many are no slips: what the rest would mean is anybody's guess.
  const mended = own.length < MOST_PROBLEMS ? mend(value) : undefined;
  const others = mended
    ? [...ofSchema(mended.value), ...(await checkNames(mended.scenario, mended.unknown))]
    : [];
  const reported = others.flatMap((problem) => {
    const path = mended!.originOf(problem.path);
    return path ? [{ ...problem, path }] : [];
  });
  return uniqueProblems([...own, ...reported]);
}

/** Values of targets may be secrets. */
function shownIn(value: unknown, path: Path): string {
  return path[0] === 'targets' ? shownFound(value, path) : valueText(value);
}

function overridden(original: unknown, overrides: readonly Override[], schema: JsonSchema) {
  const origins = new Map<string, string>();
  let value = original;
  for (const override of overrides) {
    const set = applyOverride(value, override, schema);
    value = set.value;
    origins.set(pathText(set.path), override.origin);
  }
  return { value, origins };
}

/** The option that set the value at `path`, a parent of it, or a part of it that the file lacks. */
function originOf(path: Path, origins: ReadonlyMap<string, string>, ofFile: unknown): string | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const origin = origins.get(pathText(path.slice(0, depth)));
    if (origin !== undefined) return origin;
  }
  if (path.length === 0 || valueAtPath(ofFile, path) !== undefined) return undefined;
  const at = pathText(path);
  return [...origins].find(([set]) => set.startsWith(`${at}.`) || set.startsWith(`${at}[`))?.[1];
}

function invalid(path: string, lines: readonly string[]): CommbenchError {
  const atLeast = lines.length >= MOST_PROBLEMS ? 'at least ' : '';
  const count = lines.length === 1 ? '1 problem' : `${atLeast}${lines.length} problems`;
  return new CommbenchError(
    'bad-scenario',
    `${path} is not a valid scenario: ${count}\n  ${firstOf(lines).join('\n  ')}`,
    {
      hint: '`commbench schema` prints the fields of a scenario; `commbench init` writes a template.',
    },
  );
}

/** As many as a reader takes in. */
function firstOf(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const line of lines.slice(0, MAX_PRINTED)) {
    const cut = cutText(line, LONGEST_PROBLEM);
    length += cut.length;
    if (length > LONGEST_LIST) break;
    shown.push(cut);
  }
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `... and ${more} more`] : shown;
}

async function readBounded(path: string): Promise<string> {
  try {
    // Checked before opening: reading a pipe would block, and a device never ends.
    const found = await stat(path);
    if (!found.isFile()) {
      throw new CommbenchError('bad-scenario', `${path} is not a regular file`);
    }
    if (found.size > MAX_FILE_BYTES) {
      throw new CommbenchError(
        'bad-scenario',
        `${path} has ${found.size} bytes; a scenario has at most ${MAX_FILE_BYTES}`,
      );
    }
    return textOf(path, await readFile(path));
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw new CommbenchError('bad-scenario', unreadableText(path, error));
  }
}

/** @throws CommbenchError where it is no text: its bytes would only be shown as problems */
function textOf(path: string, bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new CommbenchError(
    'bad-scenario',
    isUtf16
      ? `${path} is not a valid scenario: its text is in UTF-16`
      : `${path} is not a valid scenario: a binary file`,
    { hint: isUtf16 ? 'Save it as UTF-8.' : '`commbench init` writes a template.' },
  );
}
