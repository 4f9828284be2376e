import * as fc from 'fast-check';
import { z } from 'zod';

interface Property {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
}

/** Small values of what a policy must be given; the rest by its defaults. */
export function requiredOptions(options: z.ZodObject): fc.Arbitrary<object> {
  const { properties, required = [] } = z.toJSONSchema(options, { io: 'input' }) as unknown as {
    readonly properties: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
  return fc.record(Object.fromEntries(required.map((name) => [name, valueOf(properties[name]!)])));
}

function valueOf({ minimum = 0, maximum = Infinity, enum: words }: Property): fc.Arbitrary<unknown> {
  if (words) return fc.constantFrom(...words);
  return fc.integer({ min: Math.ceil(minimum), max: Math.min(maximum, Math.ceil(minimum) + 200) });
}
