import { existsSync } from 'node:fs';
import path from 'node:path';
import { lilconfig, type Options } from 'lilconfig';
import { CommbenchError, unreadableText } from '../../kernel/errors.ts';
import { isMapping } from '../../scenario/load/mapping.ts';

/** Values for options, by command: `run: { rounds: 10 }`. */
export interface ConfigFile {
  readonly file: string;
  readonly sections: Readonly<Record<string, unknown>>;
}

const PLACES = ['package.json', 'commbench.config.json', 'commbench.config.yaml', 'commbench.config.yml'];

const OPTIONS: Options = {
  searchPlaces: PLACES,
  loaders: {
    '.json': readJson,
    '.yaml': readYaml,
    '.yml': readYaml,
  },
};

/**
 * The nearest configuration file, from here up to the folder of the project: the first one with a package.json or .git.
 * COMMBENCH_CONFIG names another file, or `none`.
 * @throws CommbenchError bad-option
 */
export async function findConfig(
  env: NodeJS.ProcessEnv,
  from = process.cwd(),
): Promise<ConfigFile | undefined> {
  const given = env['COMMBENCH_CONFIG'];
  if (given === 'none') return undefined;
  const search = lilconfig('commbench', { ...OPTIONS, stopDir: projectFolder(from) });
  const found = await loaded(given ?? from, () =>
    given ? search.load(path.resolve(from, given)) : search.search(from),
  );
  if (!found || found.isEmpty) return undefined;
  const file = path.relative(from, found.filepath) || found.filepath;
  if (isMapping(found.config)) return { file, sections: found.config };
  throw new CommbenchError(
    'bad-option',
    `${file}: Expected sections by command, such as run: { rounds: 10 }`,
  );
}

function projectFolder(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (['package.json', '.git'].some((name) => existsSync(path.join(folder, name)))) return folder;
    if (folder === path.dirname(folder)) return path.resolve(from);
  }
}

async function loaded<T>(file: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw new CommbenchError('bad-option', unreadableText(file, error), {
      hint: 'COMMBENCH_CONFIG names a configuration file, or is `none`.',
    });
  }
}

/** A damaged package.json is npm's business. */
function readJson(file: string, text: string): unknown {
  const isPackage = path.basename(file) === 'package.json';
  try {
    const value: unknown = JSON.parse(text);
    return isPackage && !isMapping(value) ? {} : value;
  } catch (cause) {
    if (isPackage) return {};
    throw unparsable(file, 'JSON', cause);
  }
}

/** Loaded where there is such a file. */
async function readYaml(file: string, text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch (cause) {
    throw unparsable(file, 'YAML', cause);
  }
}

function unparsable(file: string, language: string, cause: unknown): CommbenchError {
  const why = (cause as Error).message.split('\n', 1)[0]!;
  return new CommbenchError('bad-option', `${file} is not valid ${language}: ${why}`, { cause });
}
