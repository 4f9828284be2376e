import { stringify } from 'yaml';
import { countNeeded } from '../../measure/figures/percentile.ts';
import { SCHEMA_LINES } from '../../scenario/schema/schema-lines.ts';
import type { ChosenCall } from './found-call.ts';

/** The load: gentle, and of as many calls as the percentile of the thresholds needs, with a tenth more. */
const PERCENTILE = 0.99;
const RATE_PER_S = 50;
const ROUNDS = 3;
const DURATION_S = Math.ceil((countNeeded(PERCENTILE) * 1.1) / (RATE_PER_S * ROUNDS));

/** What is written, and how. */
export interface ScenarioWriting {
  readonly name: string;
  readonly calls: readonly ChosenCall[];
  /** Name of the description. */
  readonly from: string;
  /** File of the authority, relative to the scenario's folder. */
  readonly ca: string | undefined;
  /** One pattern for all calls. */
  readonly mix: boolean;
}

interface WrittenPattern extends Pick<ChosenCall, 'title' | 'transport' | 'interaction'> {
  readonly id: string;
  readonly lines: readonly string[];
}

/** A scenario that drives these operations: it loads as it is, and its comments say what only its owner knows. */
export function ownScenario({ name, calls, from, ca, mix }: ScenarioWriting): string {
  const ids = idsOf(calls);
  const [first] = calls as [ChosenCall];
  const written: readonly WrittenPattern[] = mix
    ? [{ ...first, id: name, title: name, lines: mixLines(ids, calls, ca) }]
    : calls.map((call, i) => ({ ...call, id: ids[i]!, lines: targetLines(call, ca) }));
  const patterns = written.map(({ id, title, transport, interaction }) => ({
    id,
    title,
    transport,
    interaction,
  }));
  return [
    ...SCHEMA_LINES,
    comment(`Written from ${from}. All fields of a target: docs/targets.md`),
    yaml({
      name,
      title: calls
        .map((call) => call.name)
        .join(', ')
        .slice(0, 120),
    }),
    yaml({ patterns }),
    'targets:',
    ...written.flatMap(({ id, lines }) => [`  ${id}:`, ...indented(lines, 4)]),
    '',
    '# Arrivals per second, measured time of each trial, and deadline of a reply. The rounds have',
    `# ${DURATION_S * RATE_PER_S * ROUNDS} calls together: enough for the p99 below, which needs ${countNeeded(PERCENTILE)}.`,
    yaml({
      load: { shape: 'constant', ratePerS: `${RATE_PER_S}/s` },
      durationMs: `${DURATION_S}s`,
      deadlineMs: '1s',
      rounds: ROUNDS,
    }),
    '# Unmeasured calls before each trial; they reach your service as well. A probeMs of 1000 also measures its',
    '# rate in a closed loop, for one second.',
    yaml({ warmUp: { calls: 200, probeMs: 0 } }),
    '# Limits of your own; one that is missed gives exit code 5.',
    yaml({ thresholds: [`response p${PERCENTILE * 100} < 500ms`, 'failures < 1%'] }),
    '',
  ].join('\n');
}

const COMMAND = [
  '# Command that starts it anew for each trial; without it, your service must be running already.',
  '# command: npm start',
  '# ready: { line: listening }',
];

const OWN_AUTHORITY = [
  '# Certificate authority of your own; `insecure: true` in its place verifies nothing.',
  '# tls: { ca: ca.pem }',
];

function targetLines(call: ChosenCall, ca: string | undefined): string[] {
  return [...addressLines(call, ca), ...fieldLines(call.settings, call.notes)];
}

function addressLines({ url, notes }: ChosenCall, ca: string | undefined): string[] {
  const isSecure = /^(https|grpcs):/.test(url);
  return [
    ...fieldLines({ url, ...(ca === undefined ? {} : { tls: { ca } }) }, notes),
    ...(isSecure && ca === undefined ? OWN_AUTHORITY : []),
    ...COMMAND,
  ];
}

/** Fields that all operations of a mix may have in common. */
const SHARED = ['proto', 'include', 'stream'];

function mixLines(ids: readonly string[], calls: readonly ChosenCall[], ca: string | undefined): string[] {
  const [first] = calls as [ChosenCall];
  const isShared = ([key]: [string, unknown]) => SHARED.includes(key);
  const shared = Object.fromEntries(Object.entries(first.settings).filter(isShared));
  return [
    ...addressLines(first, ca),
    ...fieldLines(shared, first.notes),
    '# As many arrivals each; `share: 70%`, or a weight, changes that.',
    'operations:',
    ...calls.flatMap(({ settings, notes }, i) => {
      const own = Object.fromEntries(Object.entries(settings).filter((field) => !isShared(field)));
      return [`  ${ids[i]}:`, ...indented(fieldLines(own, notes), 4)];
    }),
  ];
}

function fieldLines(fields: Readonly<Record<string, unknown>>, notes: ChosenCall['notes']): string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const note = notes[key];
    return [...(note === undefined ? [] : [comment(note)]), ...yaml({ [key]: value }).split('\n')];
  });
}

function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}

function comment(text: string): string {
  return `# ${printable(text)}`;
}

/** One line, and nothing in it that a terminal obeys: the words are those of the description. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, ' ');
}

function yaml(value: object): string {
  return stringify(value, { lineWidth: 100, aliasDuplicateObjects: false }).trimEnd();
}

/** Short names of the patterns, each unique. */
function idsOf(calls: readonly ChosenCall[]): string[] {
  const ids: string[] = [];
  for (const { aliases, name } of calls) {
    const base = idOf(aliases[0] ?? name);
    let id = base;
    for (let n = 2; ids.includes(id); n++) id = `${base.slice(0, 36)}-${n}`;
    ids.push(id);
  }
  return ids;
}

function idOf(text: string): string {
  const id = text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 38)
    .replace(/-+$/, '');
  return id === '' ? 'call' : id;
}
