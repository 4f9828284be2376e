import type { ExperimentDefinition } from '../definition.ts';

/** Begun by `sweep --vary`. */
export const definition: ExperimentDefinition = {
  commands: [],
  record: async () => (await import('./view.ts')).varyKind,
};
