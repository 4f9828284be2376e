import { z } from 'zod';

/** What breaks a rule over several fields, and where. */
export interface Breach {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * A rule over several fields, as a zod check. It runs as soon as the fields it needs are right, so that what breaks
 * it is reported beside other problems.
 */
export function rule<Shape extends z.ZodRawShape>(
  shape: Shape,
  breaches: (value: z.infer<z.ZodObject<Shape>>) => Breach | undefined | readonly Breach[],
) {
  const needed = z.object(shape);
  const check = z.superRefine<unknown>((value, context) => {
    const found = needed.safeParse(value);
    for (const breach of found.success ? [breaches(found.data) ?? []].flat() : []) {
      context.addIssue({ code: 'custom', ...breach });
    }
  });
  // Without this zod skips the rule when any other field is wrong.
  check._zod.def.when = () => true;
  return check;
}

/** Of a list of entries, those whose id came before. */
export function repeatedIds(list: string, ids: readonly string[], key = 'id'): Breach[] {
  return ids.flatMap((id, i) => {
    if (ids.indexOf(id) === i) return [];
    return { path: [list, i, key], message: `Expected every id once, found ${id} again` };
  });
}
