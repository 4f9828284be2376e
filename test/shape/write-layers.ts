import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withDrawing } from './layer-drawing.ts';
import { type LintConfig, withOverrides } from './layer-lint.ts';
import { LAYERS } from './layers.ts';

/** Writes what is made of the table of layers: the lint rule and the drawing. `oxfmt` has the last word on the former. */
const ROOT = path.resolve(import.meta.dirname, '../..');

const config = path.join(ROOT, '.oxlintrc.json');
const lint = JSON.parse(readFileSync(config, 'utf8')) as LintConfig;
writeFileSync(config, `${JSON.stringify(withOverrides(lint, LAYERS), null, 2)}\n`);

const page = path.join(ROOT, 'ARCHITECTURE.md');
writeFileSync(page, withDrawing(readFileSync(page, 'utf8'), LAYERS));
