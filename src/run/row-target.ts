import { CommbenchError } from '../kernel/errors.ts';
import { withEnvironment } from '../kernel/text-template.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import { ownSettings, type ScenarioTarget } from '../scenario/targets-schema.ts';
import type { RowTarget } from './spec.ts';

/** Where a row's target may be told, the first one that says something first. */
export interface TargetPlaces {
  /** `--target ROW=URL` */
  readonly option: string | undefined;
  /** Of the scenario. */
  readonly target: ScenarioTarget | undefined;
  /** `--broker NAME=URL` of the row's transport. */
  readonly brokerUrl: string | undefined;
}

/**
 * A row's target, complete; undefined where it has none.
 * @param id of the row
 * @throws CommbenchError bad-option, bad-scenario: no URL, or settings that lack something
 */
export function resolveTarget(
  id: string,
  { title, target: support }: TransportDefinition,
  { option, target, brokerUrl }: TargetPlaces,
): RowTarget | undefined {
  if (option === undefined && target === undefined) return undefined;
  if (!support) {
    throw new CommbenchError('bad-scenario', `Expected a transport that drives targets, found ${title} of ${id}`);
  }
  const url = option ?? target?.url ?? brokerUrl;
  if (url === undefined) {
    throw new CommbenchError('bad-option', `Expected a URL of the target ${id}, found none`, {
      hint: `Give it: --target ${id}=URL, or \`url\` in the scenario.`,
    });
  }
  const settings = support.settings.safeParse(ownSettings(target ?? {}));
  if (!settings.success) {
    const missing = settings.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new CommbenchError(
      'bad-option',
      `Expected the scenario's targets.${id} to say how it is called, found it without: ${missing.join('; ')}`,
      { hint: 'docs/targets.md has its fields.' },
    );
  }
  const { command, cwd, env, ready, stop, completion } = target ?? {};
  const common = { command, cwd, env, ready, stop, completion };
  const given = Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined));
  return { ...given, url: withEnvironment(url, process.env), settings: settings.data };
}
