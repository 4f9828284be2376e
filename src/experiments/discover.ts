import path from 'node:path';
import { foldersWith, outsideModule } from '../platform/definitions.ts';
import type { ExperimentDefinition } from './definition.ts';

const EXTENSION = path.extname(import.meta.filename);

/** A folder next to this file with an index is an experiment: there is no list to forget. */
export function experimentNames(): string[] {
  return foldersWith(import.meta.dirname, 'index');
}

/** @param name one of `experimentNames()` */
export async function loadExperiment(name: string): Promise<ExperimentDefinition> {
  const file = outsideModule(import.meta.dirname, name, 'index') ?? `./${name}/index${EXTENSION}`;
  const { definition } = (await import(/* @vite-ignore */ file)) as {
    definition: ExperimentDefinition;
  };
  return definition;
}
