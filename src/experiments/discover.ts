import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ExperimentDefinition } from './definition.ts';

const EXTENSION = path.extname(import.meta.filename);

/** A folder next to this file with an index is an experiment: there is no list to forget. */
export function experimentNames(): string[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(path.join(import.meta.dirname, name, `index${EXTENSION}`)))
    .toSorted();
}

/** @param name one of `experimentNames()` */
export async function loadExperiment(name: string): Promise<ExperimentDefinition> {
  const { definition } = (await import(/* @vite-ignore */ `./${name}/index${EXTENSION}`)) as {
    definition: ExperimentDefinition;
  };
  return definition;
}
