import type { FindContext, StartContext } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import {
  fetchedVersion,
  fetchOnce,
  packageFolder,
  whyNotFetched,
} from '../../platform/packages/fetch-once.ts';
import type { PackageRecipe } from '../../platform/packages/recipe.ts';
import type { Ingredient } from './recipe.ts';

/** A package of an ingredient: in the cache, or to be fetched. */
export interface FoundPackage {
  readonly recipe: PackageRecipe;
  readonly folder: string;
  /** Undefined: not in the cache. */
  readonly version: string | undefined;
  /** What is tried next where it cannot be fetched or does not work. */
  readonly otherwise: readonly PackageRecipe[];
}

/**
 * The package that a run would use: the first one in the cache, else the first one to be fetched. What is in the cache
 * stays in use, also where a preferred one could not be fetched then: a broker changes by the user's act alone.
 */
export async function findPackage<T>(
  it: Pick<Ingredient<T>, 'recipes'>,
  { cacheFolder }: Pick<FindContext, 'cacheFolder'>,
): Promise<FoundPackage> {
  const recipes = it.recipes();
  const found = (at: number, version?: string): FoundPackage => {
    const recipe = recipes[at]!;
    return { recipe, folder: packageFolder(recipe, cacheFolder), version, otherwise: recipes.slice(at + 1) };
  };
  for (const [i, recipe] of recipes.entries()) {
    const version = await fetchedVersion(recipe, cacheFolder);
    if (version !== undefined) return found(i, version);
  }
  const fetchable = recipes.findIndex((recipe) => whyNotFetched(recipe) === undefined);
  return found(Math.max(fetchable, 0));
}

/**
 * Obtains an ingredient from the cache, or fetches the first of its packages that can be fetched and works.
 * @returns the reason in words where the unpacked files are not usable
 * @throws CommbenchError of the last package tried
 */
export async function fetchedIngredient<T>(
  it: Pick<Ingredient<T>, 'recipes' | 'unpacked'>,
  context: StartContext,
): Promise<T | string> {
  let { recipe, otherwise } = await findPackage(it, context);
  for (;;) {
    const [next, ...rest] = otherwise;
    try {
      return await it.unpacked(await fetchOnce(recipe, context), context.signal);
    } catch (error) {
      if (!next || !isOfPackage(error)) throw error;
      const why = inOneLine(error.message);
      context.progress(`${recipe.title}: not from ${originOf(recipe)}: ${why}; trying ${originOf(next)}`);
      [recipe, otherwise] = [next, rest];
    }
  }
}

/** Without lines that only report progress. */
function inOneLine(message: string): string {
  const [first = '', ...rest] = message.split(/\s*\n\s*/);
  return [first, ...rest.filter((line) => !line.endsWith('...'))].join(' | ');
}

/** Another package may be better; a full disk stays full. */
function isOfPackage(error: unknown): error is CommbenchError {
  return error instanceof CommbenchError && (error.code === 'download-failed' || error.code === 'no-broker');
}

/** Example: `Debian forky`. */
export function originOf(recipe: PackageRecipe): string {
  if (recipe.kind === 'jar') return `Maven, version ${recipe.version}`;
  return recipe.suite === 'system' ? "the system's own release" : `Debian ${recipe.suite.codename}`;
}
