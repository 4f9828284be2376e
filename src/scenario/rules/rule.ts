import { z } from 'zod';

/** A broken rule over several fields, and its path. */
export interface Breach {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * A rule over several fields, as a zod check. It runs as soon as the fields it needs are valid, so that it is reported
 * beside other problems.
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
  // Without this zod skips the rule when any other field is invalid.
  check._zod.def.when = () => true;
  return check;
}

/** Entries of a list whose ids are repeated. */
export function repeatedIds(list: string, ids: readonly string[], key = 'id'): Breach[] {
  return ids.flatMap((id, i) => {
    if (ids.indexOf(id) === i) return [];
    return { path: [list, i, key], message: `The ${key} ${id} is used twice` };
  });
}
