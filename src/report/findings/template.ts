import type { Finding } from '../../analysis/finding.ts';
import type { Names } from './names.ts';

/** All findings of one code as one sentence; undefined where there is nothing to say. */
export type Template = (found: readonly Finding[], names: Names) => string | undefined;
