import type { Hops } from './hop-figures.ts';

/**
 * Whether a fallback answered some calls in a service's place: these were accepted, and their work was never asked for.
 * @param of null: not a topology
 */
export function hasFallback(of: readonly (Hops | null)[]): boolean {
  return of.some((hops) => {
    const isDegraded = hops?.endpoints.some(({ phases }) => phases.some(({ degraded }) => degraded > 0));
    return (
      isDegraded || (hops?.edges ?? []).some(({ phases }) => phases.some(({ fallbacks }) => fallbacks > 0))
    );
  });
}
