import type { z } from 'zod';
import type { definition as brokerOutage } from '../../plan/kinds/broker-outage.ts';
import type { definition as closedLoop } from '../../plan/kinds/closed-loop.ts';
import type { definition as idle } from '../../plan/kinds/idle-busy.ts';
import type { WhenAsked } from '../../plan/kinds/kind.ts';
import { ASKED_KINDS } from '../../plan/kinds/kinds.ts';
import type { definition as noOp } from '../../plan/kinds/no-op.ts';
import type { definition as serviceOutage } from '../../plan/kinds/service-outage.ts';
import type { definition as wireBytes } from '../../plan/kinds/wire-bytes.ts';

/** Fields that are read by name. `settingsOf` reads those of other kinds. */
interface NamedFields {
  readonly 'before rounds': { readonly noop: typeof noOp.runs.schema };
  readonly 'after rounds': {
    readonly wireBytes: typeof wireBytes.runs.schema;
    readonly closedLoop: typeof closedLoop.runs.schema;
    readonly idleBusy: typeof idle.runs.schema;
    readonly serviceOutage: typeof serviceOutage.runs.schema;
    readonly brokerOutage: typeof brokerOutage.runs.schema;
  };
}

/** A field for each kind of trial that a scenario asks for. */
export function kindFields<When extends WhenAsked['when']>(when: When): NamedFields[When] {
  const kinds = ASKED_KINDS.filter(({ runs }) => runs.when === when);
  return Object.fromEntries(kinds.map(({ runs: { field, schema } }) => [field, schema])) as never;
}

/** The same fields for a rule over all of them: an invalid one counts as not asked for. */
export function kindFieldsThatAreRight(): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    ASKED_KINDS.map(({ runs: { field, schema, none } }) => [field, schema.catch(none)]),
  );
}
