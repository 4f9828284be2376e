/** Completion in editors, by a file that the named command writes. */
export const SCHEMA_LINES = [
  '# yaml-language-server: $schema=./scenario.schema.json',
  '# That file gives editors completion; `commbench schema > scenario.schema.json` writes it.',
];
