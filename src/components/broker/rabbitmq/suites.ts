import { CommbenchError } from '../../../kernel/errors.ts';
import { systemRelease, type SystemRelease } from '../../../platform/packages/debian-suite.ts';
import type { DebRecipe } from '../../../platform/packages/recipe.ts';
import { NEWER_RABBITS, systemRabbit } from './packages.ts';

const VARIABLE = 'COMMBENCH_RABBITMQ_SUITE';
const NEWER = NEWER_RABBITS.map(({ suite }) => suite.codename);

/** The one suite that the user wants; undefined: the usual order. @throws CommbenchError bad-option */
export function suiteWanted(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const wanted = env[VARIABLE];
  if (!wanted || wanted === 'system' || NEWER.includes(wanted)) return wanted || undefined;
  const known = [...NEWER, 'system'].join(', ');
  throw new CommbenchError('bad-option', `Expected one of ${known} in ${VARIABLE}, found ${wanted}`);
}

/**
 * Packages of RabbitMQ for a system, the preferred first. On Debian: every suite that is newer than the system's, then
 * its own. Elsewhere there is no mirror of Debian's archive: its own alone.
 */
export function rabbitRecipes(
  { id, codename }: Pick<SystemRelease, 'id' | 'codename'> = systemRelease(),
  wanted = suiteWanted(),
): readonly [DebRecipe, ...DebRecipe[]] {
  if (wanted === 'system' || (wanted === undefined && id !== 'debian')) return [systemRabbit];
  const chosen = NEWER_RABBITS.find(({ suite }) => suite.codename === wanted);
  if (chosen) return [chosen];
  const own = NEWER.indexOf(codename ?? '');
  const [first, ...rest] = own < 0 ? NEWER_RABBITS : NEWER_RABBITS.slice(0, own);
  return first ? [first, ...rest, systemRabbit] : [systemRabbit];
}
