import path from 'node:path';
import type { StartContext } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { fetchPackages, findAptTools } from './apt.ts';
import { systemRelease } from './debian-suite.ts';
import { assertFreeSpace, megabytes } from './disk-errors.ts';
import { installedStamp, installOnce } from './install.ts';
import { fetchJars } from './jars.ts';
import type { DebRecipe, PackageRecipe } from './recipe.ts';

const LONGEST_MS = 20 * 60_000;

/**
 * Cache folder of a package. Debian's packages fit their architecture alone, and those of the system's own suite its
 * release, whose C library they use: `rabbitmq-forky-x64-2`, `jre-debian-12-x64-1`.
 */
export function packageFolder(recipe: PackageRecipe, cacheFolder: string): string {
  const { kind, name, format } = recipe;
  const build = kind === 'deb' ? `${releaseOf(recipe)}-${process.arch}` : recipe.version;
  return path.join(packagesFolder(cacheFolder), `${name}-${build}-${format}`);
}

/** The folder of all packages, and of what is made from them. */
export function packagesFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'brokers');
}

/** What to do about files that were changed after they were fetched. */
export function removeHint(folders: readonly string[]): string {
  return `Remove what was changed: rm -r ${folders.join(' ')}; the next run fetches or makes it again.`;
}

function releaseOf({ suite }: DebRecipe): string {
  if (suite !== 'system') return suite.codename;
  const { id, version, codename } = systemRelease();
  return [id, version ?? codename].filter(Boolean).join('-');
}

/** The version in the cache, if it is complete. */
export async function fetchedVersion(
  recipe: PackageRecipe,
  cacheFolder: string,
): Promise<string | undefined> {
  return (await installedStamp(packageFolder(recipe, cacheFolder)))?.version;
}

/** The reason why it cannot be fetched here; undefined where a fetch may be tried. */
export function whyNotFetched({ kind, title }: PackageRecipe): string | undefined {
  return kind === 'deb' && !findAptTools() ? `no apt-get and dpkg-deb to fetch ${title} with` : undefined;
}

/**
 * Fetches it into the cache unless it is there; one process does it, others wait for it.
 * @returns its folder
 */
export async function fetchOnce(recipe: PackageRecipe, context: StartContext): Promise<string> {
  const { title, hint } = recipe;
  const folder = packageFolder(recipe, context.cacheFolder);
  const limit = AbortSignal.timeout(LONGEST_MS);
  const bounded = { ...context, signal: AbortSignal.any([context.signal, limit]) };
  try {
    await installOnce(folder, {
      signal: bounded.signal,
      onWait: () => context.progress(`${title}: waiting for another commbench that is fetching it`),
      fill: (part) => fillIn(recipe, part, folder, bounded),
    });
    return folder;
  } catch (error) {
    if (error !== limit.reason) throw error;
    const message = `${title} was not fetched within ${LONGEST_MS / 60_000} minutes`;
    throw new CommbenchError('download-failed', message, { hint, cause: error });
  }
}

async function fillIn(
  recipe: PackageRecipe,
  part: string,
  folder: string,
  context: StartContext,
): Promise<string> {
  const { kind, title, bytes, seconds, diskBytes } = recipe;
  assertFreeSpace(part, diskBytes);
  const size = `about ${megabytes(bytes)}, about ${seconds} s on a typical connection`;
  context.progress(`${title}: fetching it once, ${size}`);
  if (kind === 'deb') await fetchDebs(recipe, part, context);
  else await fetchJars(recipe, { part, incoming: `${folder}.incoming` }, context);
  return recipe.finish(part, context);
}

async function fetchDebs(recipe: DebRecipe, part: string, context: StartContext): Promise<void> {
  const tools = findAptTools();
  if (!tools) {
    throw new CommbenchError('no-broker', `apt-get and dpkg-deb are needed to fetch ${recipe.title}`, {
      hint: 'Run `commbench doctor`.',
    });
  }
  const { spawner, signal, folder: logFolder } = context;
  const progress = (line: string) => context.progress(line);
  await fetchPackages(tools, part, { recipe, spawner, signal, logFolder, progress });
}
