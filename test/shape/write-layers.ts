import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lintOverrides, MADE_BY } from './layer-lint.ts';
import { layerDrawing, withDrawing } from './layer-drawing.ts';

/** Writes what is made of the table of layers: the lint rule and the drawing. */
const ROOT = path.resolve(import.meta.dirname, '../..');

const config = path.join(ROOT, '.oxlintrc.json');
const lint = JSON.parse(readFileSync(config, 'utf8')) as { overrides: { rules: object }[] };
const others = lint.overrides.filter((override) => !JSON.stringify(override).includes(MADE_BY));
writeFileSync(
  config,
  `${JSON.stringify({ ...lint, overrides: [...lintOverrides(), ...others] }, null, 2)}\n`,
);

const page = path.join(ROOT, 'ARCHITECTURE.md');
writeFileSync(page, withDrawing(readFileSync(page, 'utf8'), layerDrawing()));
