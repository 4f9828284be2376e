/**
 * Sources of complexity in building and operating a pattern, counted from a published list (docs/complexity.md).
 * Caller and service are in every pattern and are not counted.
 */
export type ComplexityCategory =
  /** A process that someone must operate besides caller and service. */
  | 'process'
  /** A state of connection or protocol that both sides' code must be ready for. */
  | 'state'
  /** A setting whose wrong value loses data, without any error at the sender. */
  | 'setting'
  /** Something that both sides must agree on and keep in step. */
  | 'artefact';

export interface ComplexityItem {
  readonly category: ComplexityCategory;
  /** A few words, as the list prints them. */
  readonly what: string;
}

/** Decided before the first result; changed only by a record that shows both tables. */
export const COMPLEXITY_POINTS: Readonly<Record<ComplexityCategory, number>> = {
  process: 2,
  state: 1,
  setting: 1,
  artefact: 1,
};
/** Highest score that reads `low`. */
export const COMPLEXITY_LOW_TO = 3;
/** Highest score that reads `medium`; above it, `high`. */
export const COMPLEXITY_MEDIUM_TO = 10;

export type ComplexityLevel = 'low' | 'medium' | 'high';

export function complexityPoints(items: readonly ComplexityItem[]): number {
  return items.reduce((sum, { category }) => sum + COMPLEXITY_POINTS[category], 0);
}

export function complexityLevel(points: number): ComplexityLevel {
  if (points <= COMPLEXITY_LOW_TO) return 'low';
  return points <= COMPLEXITY_MEDIUM_TO ? 'medium' : 'high';
}
