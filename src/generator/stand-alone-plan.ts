import { type GeneratorPlan, generatorPlanSchema } from '../plan/generator-plan.ts';
import { loadTransportDefinition } from '../transports/discover.ts';

/** Validates a plan of another author. @throws ZodError for invalid parts */
export function checkPlan(written: unknown): GeneratorPlan {
  return generatorPlanSchema.parse(written);
}

export async function completeOptions(transport: string, options: unknown): Promise<unknown> {
  const definition = await loadTransportDefinition(transport);
  return definition.options.parse(options);
}
