import { withEnvironment } from '../kernel/text-template.ts';
import type { TrialSpec } from '../plan/spec.ts';
import { withoutValuesOf } from '../scenario/load/target-secrets.ts';

/** What a target answered, as it may stand in a result: a server may repeat what it was sent. */
export function shownAnswer({ system: { pattern } }: TrialSpec, text: string): string {
  const { target } = pattern;
  if (!target) return text;
  const { requests, tls, env = {} } = withEnvironment(target, process.env);
  const sent = Object.values(requests).map(({ settings }) => settings);
  return withoutValuesOf([sent, tls, env], text);
}
