import type { PatternResult } from '../analysis/patterns/pattern-result.ts';
import type { RowName } from './table.ts';

/** A row of a pattern, distinguished by its variant in another column. */
export function patternRow({ record, variant }: PatternResult): RowName {
  return { pattern: record.id, title: record.title, part: variant };
}

/** A row of a pattern under a variant, by the name of both. */
export function lineRow({ record, name }: PatternResult): RowName {
  return { pattern: record.id, title: name };
}
