import type { Scenario } from './schema.ts';

const LABELS: readonly string[] = ['id', 'title', 'optional'];

/** Whether a variant is the scenario as it stands, to be measured beside those that change it. */
export function isUnchanged(variant: Scenario['variants'][number]): boolean {
  return Object.entries(variant).every(([key, change]) => LABELS.includes(key) || change === undefined);
}

/** The same of a trial's variant, by its id; null: the scenario without a variant. */
export function isScenarioItself({ variants }: Scenario, variant: string | null): boolean {
  return variant === null || variants.some((one) => one.id === variant && isUnchanged(one));
}
