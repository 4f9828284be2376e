import { csv } from './csv.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { table } from './table.ts';

/** Every format by the name that `--format` takes. */
export const reporters = { table, markdown, json, csv, junit } as const satisfies Record<string, Reporter>;
export type Format = keyof typeof reporters;
export const FORMATS = Object.keys(reporters) as Format[];
/** What junit counts is not in every report: these are. */
export const PRINTED_FORMATS = FORMATS.filter((format) => format !== 'junit');
