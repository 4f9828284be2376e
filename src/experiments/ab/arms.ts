import { ASKED_KINDS } from '../../plan/kinds/kinds.ts';
import { z } from 'zod';
import { CommbenchError } from '../../kernel/errors.ts';
import { WITHOUT_FAULTS } from '../../plan/paired-scenario.ts';
import { HIDDEN, redactUrl, shownName } from '../../kernel/redact.ts';
import type { JsonSchema } from '../../scenario/schema/json-schema.ts';
import { type Override, parseSetting, shownSetting } from '../../scenario/load/override.ts';
import { guess } from '../../scenario/load/guess.ts';
import { type Pattern, type Scenario, scenarioShape } from '../../scenario/schema/schema.ts';
import { shownCommand } from '../../scenario/load/target-secrets.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import { checkVariants } from '../../commands/options/patterns.ts';
import { loadPaired } from '../paired/load-paired.ts';
import type { PairedFaults } from '../paired/paired-faults.ts';
import { variantOverrides } from '../paired/variant-overrides.ts';

/** A scenario with the changes of one arm in it. */
export interface Arm {
  /** The change as the user wrote it: `client=kafkajs`. */
  readonly title: string;
  readonly scenario: Scenario;
  /** URLs to drive in place of our services, by pattern. */
  readonly targets: Readonly<Record<string, string>>;
}

export interface ArmsRequest {
  readonly name: string;
  /** Overrides of both arms. */
  readonly set: readonly Override[];
  readonly patterns: readonly string[] | undefined;
  readonly targets: Readonly<Record<string, string>>;
  /** Values of targets are shown and stored. */
  readonly storeValues: boolean;
  /** Of both arms. */
  readonly faults: PairedFaults;
}

/** One `--a` or `--b`, taken apart. */
interface Change {
  readonly origin: string;
  readonly key: string;
  readonly value: string;
}

/** Both arms have the same faults, and no other trials than those of pairs. */
const EXCLUDED_KEYS = [
  ...Object.keys(WITHOUT_FAULTS),
  ...ASKED_KINDS.map(({ runs }) => runs.field),
  'rounds',
];

/**
 * The scenario as one arm has it. A change is, by its key: `variant`, `pattern`, `target`, `command`, an option of the
 * patterns' transports, or a path of the scenario as in --set.
 * @throws CommbenchError bad-option, bad-scenario
 */
export async function loadArm(
  base: Scenario,
  asked: ArmsRequest,
  arm: 'a' | 'b',
  changes: readonly string[],
): Promise<Arm> {
  const parsed = changes.map((text) => parseChange(arm, text));
  const shown = (change: string) => storedChange(change, asked.storeValues);
  const patterns = base.patterns.filter(({ id }) => asked.patterns?.includes(id) ?? true);
  const overrides: Override[] = [];
  for (const change of parsed) overrides.push(...(await overridesOf(base, patterns, change)));
  const scenario = await loadPaired(`--${arm}`, asked, [...asked.set, ...overrides]);
  const urls = parsed.filter(({ key }) => key === 'target').map(({ value }) => value);
  const targets = urls.flatMap((url) => patterns.map(({ id }) => [id, url] as const));
  return {
    title: parsed.map(({ key, value }) => shown(`${key}=${value}`)).join(', ') || 'as the scenario says',
    scenario,
    targets: { ...asked.targets, ...Object.fromEntries(targets) },
  };
}

/** Titles that tell the arms apart, also where only hidden values differ. */
export function distinctTitles(a: Arm, b: Arm): { readonly a: Arm; readonly b: Arm } {
  const isDistinct = a.title !== b.title || !(differ(a.scenario, b.scenario) || differ(a.targets, b.targets));
  if (isDistinct) return { a, b };
  return { a: { ...a, title: `${a.title} (of --a)` }, b: { ...b, title: `${b.title} (of --b)` } };
}

/**
 * Refuses arms that differ in load or measurement.
 * @throws CommbenchError bad-option
 */
export function checkSameLoad({ scenario: a }: Arm, { scenario: b }: Arm): void {
  const ownLoads = ({ patterns }: Scenario) => patterns.map(({ id, load }) => ({ id, load }));
  const found = [
    ...SAME.filter((key) => differ(a[key], b[key])),
    ...(differ(ownLoads(a), ownLoads(b)) ? ['the load of a pattern'] : []),
  ];
  if (found.length === 0) return;
  throw new CommbenchError(
    'bad-option',
    `--a and --b must be measured under the same load and in the same way; they differ in ${found.join(', ')}`,
    { hint: 'Change both arms with --set. To measure latency by load, use `commbench sweep`.' },
  );
}

const SAME = ['load', 'durationMs', 'deadlineMs', 'drainMs', 'keys', 'warmUp'] as const;

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

/**
 * Refuses two programs at one address: in switchback both arms run at once.
 * @throws CommbenchError bad-option
 */
export function checkOwnAddresses(a: Arm, b: Arm, patterns: readonly string[]): void {
  const urlOf = ({ scenario, targets }: Arm, id: string) => targets[id] ?? scenario.targets[id]?.url;
  const isStarted = ({ scenario }: Arm, id: string) => scenario.targets[id]?.command !== undefined;
  const shared = patterns.find((id) => isStarted(a, id) && isStarted(b, id) && urlOf(a, id) === urlOf(b, id));
  if (shared === undefined) return;
  throw new CommbenchError(
    'bad-option',
    `--mode switchback needs a URL of its own for each arm's program; both arms of ${shared} have the same`,
    { hint: 'Both programs run at the same time: add target=URL to --a and --b, or use --mode pairs.' },
  );
}

/** Ids of patterns in which the arms differ; all, if the difference is in no pattern alone, or there is none. */
export function patternsThatDiffer(a: Arm, b: Arm): string[] {
  const all = a.scenario.patterns.map(({ id }) => id);
  const shared = ({ scenario: { patterns: _patterns, targets: _targets, ...rest } }: Arm) => rest;
  if (differ(shared(a), shared(b))) return all;
  const own = ({ scenario, targets }: Arm, id: string) => [
    scenario.patterns.find((pattern) => pattern.id === id),
    scenario.targets[id],
    targets[id],
  ];
  const differing = all.filter((id) => differ(own(a, id), own(b, id)));
  return differing.length > 0 ? differing : all;
}

function parseChange(arm: 'a' | 'b', text: string): Change {
  const [, key, value] = /^([A-Za-z][A-Za-z0-9_.-]*)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new CommbenchError('bad-option', `--${arm}: Expected KEY=VALUE, found ${shownName(text)}`, {
      hint: 'For example client=kafkajs, service.processingMs=24, variant=ID, target=URL or command="node server.js".',
    });
  }
  return { origin: `--${arm} ${shownChange(text)}`, key, value };
}

/** A change as the result holds it. */
export function storedChange(change: string, storeValues = false): string {
  return storeValues ? change : shownChange(change);
}

/** Commands may be long, and hidden words say nothing. */
const HIDDEN_WORDS = /( \*\*\*)+/g;

/** A change as it may be shown: without values of a target. */
export function shownChange(change: string): string {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(change) ?? [];
  if (key === 'target') return `${key}=${redactUrl(value)}`;
  if (key === 'command')
    return `${key}=${String(shownCommand(value)).replaceAll(HIDDEN_WORDS, ` ${HIDDEN}`)}`;
  return shownSetting(key, value);
}

async function overridesOf(
  base: Scenario,
  patterns: readonly Pattern[],
  change: Change,
): Promise<readonly Override[]> {
  const { origin, key, value } = change;
  if (['target', 'command', 'pattern'].includes(key)) checkOnePattern(patterns, change);
  switch (key) {
    case 'variant':
      checkVariants(base, [value], origin);
      return variantOverrides(base, value, origin);
    case 'pattern':
      return otherPattern(base, patterns[0]!, change);
    case 'target':
      return checkUrl(change);
    case 'command':
      // Relative to the working folder, as in a shell; not to the scenario's file.
      return patterns.flatMap(({ id }) => [
        { origin, path: `targets.${id}.command`, value },
        { origin, path: `targets.${id}.cwd`, value: process.cwd() },
      ]);
    default:
      if (EXCLUDED_KEYS.includes(key.split('.')[0]!)) throw excluded(change);
      return isPath(key) ? [settingOf(change)] : ofTransports(patterns, change);
  }
}

/** Another pattern of the scenario in the place of the compared one, whose id both arms have. */
function otherPattern(base: Scenario, compared: Pattern, { origin, value }: Change): Override[] {
  const other = base.patterns.find(({ id }) => id === value);
  if (other) {
    const keys = new Set([...Object.keys(compared), ...Object.keys(other)] as (keyof Pattern)[]);
    keys.delete('id');
    return [...keys].map((key) => ({ origin, path: `patterns.${compared.id}.${key}`, value: other[key] }));
  }
  const ids = base.patterns.map(({ id }) => id);
  throw new CommbenchError(
    'bad-option',
    `${origin}: Expected a pattern of ${base.name} (${ids.join(', ')}), found ${value}${guess(value, ids)}`,
  );
}

/** For several patterns it would be one server behind different protocols. */
function checkOnePattern(patterns: readonly Pattern[], { origin }: Change): void {
  if (patterns.length === 1) return;
  const ids = patterns.map(({ id }) => id).join(', ');
  throw new CommbenchError('bad-option', `${origin} is only valid for a single pattern, found ${ids}`, {
    hint: 'Name the pattern with --patterns, or make its operations one pattern: `operations` in docs/targets.md.',
  });
}

function excluded({ origin, key }: Change): CommbenchError {
  return new CommbenchError(
    'bad-option',
    `${origin}: ${key} cannot be changed: both arms are measured under the same faults, in pairs`,
    { hint: 'To change it for both arms, use --set.' },
  );
}

function isPath(key: string): boolean {
  return key.includes('.') || Object.hasOwn(scenarioShape.shape, key);
}

/** With the value read as YAML, or in its unit; a client library by its package's name is known by its scope. */
function settingOf({ origin, key, value }: Change, path = key): Override {
  const scope = /^@([a-z-]+)\//.exec(value)?.[1];
  return { ...parseSetting(`${path}=${key === 'client' && scope ? scope : value}`)!, origin };
}

function checkUrl({ origin, value }: Change): [] {
  if (URL.canParse(value)) return [];
  throw new CommbenchError('bad-option', `${origin}: Expected a URL, found ${redactUrl(value)}`);
}

/** An option of a transport, for the patterns that have it, or only for those that know the value. */
async function ofTransports(patterns: readonly Pattern[], change: Change): Promise<Override[]> {
  const known = new Set<string>();
  const found: { readonly override: Override; readonly isKnown: boolean }[] = [];
  for (const { id, transport } of patterns) {
    const { options } = await loadTransportDefinition(transport);
    const { properties = {} } = z.toJSONSchema(options, { io: 'input' }) as JsonSchema;
    const names = Object.keys(properties);
    for (const name of names) known.add(name);
    if (!names.includes(change.key)) continue;
    const override = settingOf(change, `patterns.${id}.options.${change.key}`);
    const { enum: values } = properties[change.key]!;
    found.push({ override, isKnown: values === undefined || values.includes(override.value) });
  }
  // Two transports may have a `client` each, with libraries of their own.
  const fitting = found.filter(({ isKnown }) => isKnown);
  if (found.length > 0) return (fitting.length > 0 ? fitting : found).map(({ override }) => override);
  const names = ['variant', 'pattern', 'target', 'command', ...known];
  throw new CommbenchError(
    'bad-option',
    `${change.origin}: Expected variant, pattern, target, command, a path of the scenario, or an option of its patterns (${[...known].join(', ')}), found ${change.key}${guess(change.key, names)}`,
  );
}
