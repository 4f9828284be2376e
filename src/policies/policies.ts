import { z } from 'zod';
import type { Call } from '../kernel/transport.ts';
import { definitionsBeside } from '../platform/definitions.ts';
import type { PolicyContext, PolicyDefinition } from './policy.ts';

/** Every policy of this folder by name, for `commbench list policies`. */
export const POLICIES = await definitionsBeside<PolicyDefinition<never>>(import.meta.filename);

/** @throws RangeError for an unknown name: names were validated with the scenario */
export function policyByName(name: string): PolicyDefinition<never> {
  const found = POLICIES.find((policy) => policy.name === name);
  if (!found) throw new RangeError(`Expected a policy, found ${name}`);
  return found;
}

/** One entry of an edge's `policies`: its name, and its own options. */
export type PolicySpec = { readonly policy: string } & Readonly<Record<string, unknown>>;

export const policySpecSchema = z.discriminatedUnion(
  'policy',
  POLICIES.map(({ name, options }) => options.extend({ policy: z.literal(name) })) as never,
) as z.ZodType<PolicySpec>;

/** Wraps a call in policies in the order written: the first is the outermost. Without policies: the call itself. */
export function compose(inner: Call, specs: readonly PolicySpec[], context: PolicyContext): Call {
  return specs.reduceRight((call, { policy, ...options }) => {
    return policyByName(policy).wrap(call, options as never, context);
  }, inner);
}

/** The most attempts that one call through these policies may begin: no try's number is another's (envelope.attempt). */
export function mostAttempts(specs: readonly PolicySpec[]): number {
  return specs.reduce((most, { policy, ...options }) => {
    return most * policyByName(policy).mostAttempts(options as never);
  }, 1);
}
