import { withEnvironment } from '../kernel/text-template.ts';
import type { TrialSpec } from '../plan/spec.ts';
import { withoutValuesOf } from '../scenario/load/target-secrets.ts';

/** What a target answered, as it may stand in a result: a server may repeat what it was sent. */
export function shownAnswer({ system: { pattern } }: TrialSpec, text: string): string {
  const { target } = pattern;
  if (!target) return text;
  const { settings, env = {} } = withEnvironment(target, process.env);
  return withoutValuesOf([settings, env], text);
}
