import type { AvailablePlan, FindContext, StartContext } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { whyNotFetched } from '../../platform/packages/fetch-once.ts';
import { findProgram } from '../../platform/process/find-program.ts';
import { fetchedIngredient, findPackage, originOf } from './packages.ts';
import type { BrokerRecipe, Ingredient } from './recipe.ts';

type Sought<P extends { readonly version: string }, R> = Pick<
  BrokerRecipe<P, R>,
  'title' | 'programs' | 'runtime' | 'install'
>;

/** A source's plan, or the reason in words why it has none. */
export type Offer = AvailablePlan | string;

/** Finds programs that the user has installed. */
export async function findInstalled<P extends { readonly version: string }, R>(
  { title, programs, runtime }: Sought<P, R>,
  context: FindContext,
): Promise<Offer> {
  const found = await programs.installed(context.signal);
  if (typeof found === 'string') return found;
  const by = await runnerOf(runtime, context);
  if (by.missing !== undefined) return `${title} ${found.version} is installed, but ${by.missing}`;
  const detail = programs.describe(found) + by.detail;
  return { state: 'available', source: 'installed', version: found.version, detail };
}

/** Finds programs in the cache: already fetched, or to be fetched with the missing parts. */
export async function findFetched<P extends { readonly version: string }, R>(
  { programs, runtime }: Sought<P, R>,
  context: FindContext,
): Promise<Offer> {
  const { recipe, folder, version } = await findPackage(programs, context);
  const hindrance = await programs.whyNotIn?.(folder);
  if (hindrance !== undefined) return hindrance;
  const by = await runnerOf(runtime, context);
  const missing = [
    ...(version === undefined ? [recipe] : []),
    ...(by.missing === undefined ? [] : [runtime!.recipes()[0]]),
  ];
  const detail = (version === undefined ? `to be put into ${folder}` : folder) + by.detail;
  const known = version ?? (recipe.kind === 'jar' ? recipe.version : `as packaged in ${originOf(recipe)}`);
  const plan: AvailablePlan = { state: 'available', source: 'package-cache', version: known, detail };
  if (missing.length === 0) return plan;
  const whyNot = missing.flatMap((one) => whyNotFetched(one) ?? []);
  if (whyNot.length > 0) return [...whyNot, ...(by.missing === undefined ? [] : [by.missing])].join('; ');
  const sum = (of: (one: (typeof missing)[number]) => number) =>
    missing.reduce((all, one) => all + of(one), 0);
  return { ...plan, fetch: { bytes: sum(({ bytes }) => bytes), seconds: sum(({ seconds }) => seconds) } };
}

/** The runtime of the programs, in words; `missing`: why there is none yet. */
async function runnerOf<R>(
  runtime: Ingredient<R> | undefined,
  context: FindContext,
): Promise<{ readonly detail: string; readonly missing?: string }> {
  if (!runtime) return { detail: '' };
  const found = await available(runtime, context);
  if (typeof found !== 'string') return { detail: `, run by ${runtime.describe(found)}` };
  return { detail: `, run by a ${runtime.recipes()[0].title} to be fetched`, missing: found };
}

/** Installed, or else fetched; the reason in words where neither exists. */
async function available<T>(it: Ingredient<T>, context: FindContext): Promise<T | string> {
  const installed = await it.installed(context.signal);
  if (typeof installed !== 'string') return installed;
  const { folder, version } = await findPackage(it, context);
  return version === undefined ? installed : it.unpacked(folder, context.signal);
}

/**
 * Obtains the programs of a plan, fetching them where needed.
 * @throws CommbenchError no-broker: they are gone; download-failed
 */
export async function obtain<P extends { readonly version: string }, R>(
  sought: Sought<P, R>,
  source: 'installed' | 'package-cache',
  context: StartContext,
): Promise<{ readonly programs: P; readonly runtime: R }> {
  const { programs, runtime } = sought;
  const own =
    source === 'installed'
      ? await programs.installed(context.signal)
      : await fetchedIngredient(programs, context);
  if (typeof own === 'string') throw gone(sought, own);
  if (!runtime) return { programs: own, runtime: undefined as R };
  const here = await available(runtime, context);
  const by = typeof here === 'string' ? await fetchedIngredient(runtime, context) : here;
  if (typeof by === 'string') throw gone(sought, by);
  return { programs: own, runtime: by as R };
}

function gone(
  { title, install }: Pick<Sought<never, never>, 'title' | 'install'>,
  found: string,
): CommbenchError {
  return new CommbenchError('no-broker', `${title} is incomplete: ${found}`, {
    hint: howToGet(install),
  });
}

/** The one command that would make it available. */
export function howToGet({ brew, dnf, other }: Sought<never, never>['install']): string {
  if (process.platform === 'darwin') return `Install it: ${brew}`;
  if (findProgram('dnf')) return `Install it: ${dnf}`;
  if (findProgram('docker')) return 'Start the docker engine: sudo systemctl start docker';
  return other;
}
