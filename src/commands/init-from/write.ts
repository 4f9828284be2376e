import { stringify } from 'yaml';
import type { FoundCall } from './found-call.ts';

/** A scenario that drives these operations: it loads as it is, and its comments say what only its owner knows. */
export function ownScenario(name: string, calls: readonly FoundCall[], from: string): string {
  const ids = idsOf(calls);
  const patterns = calls.map(({ title, transport }, i) => {
    return { id: ids[i], title, transport, interaction: 'request-reply' };
  });
  return [
    '# yaml-language-server: $schema=./scenario.schema.json',
    `# Written from ${from}. All fields of a target: docs/targets.md`,
    yaml({
      name,
      title: calls
        .map((call) => call.name)
        .join(', ')
        .slice(0, 120),
    }),
    yaml({ patterns }),
    'targets:',
    ...calls.flatMap((call, i) => targetLines(ids[i]!, call)),
    '',
    '# Arrivals per second, measured time of each trial, and deadline of a reply.',
    yaml({ load: { shape: 'constant', ratePerS: 50 }, durationMs: 5000, deadlineMs: 1000, rounds: 3 }),
    '# Unmeasured calls before each trial; they reach your service as well. A probeMs of 1000 also measures its',
    '# rate in a closed loop, for one second.',
    yaml({ warmUp: { calls: 200, probeMs: 0 } }),
    '',
  ].join('\n');
}

const COMMAND = [
  '# Command that starts it anew for each trial; without it, your service must be running already.',
  '# command: npm start',
  '# ready: { line: listening }',
];

function targetLines(id: string, { url, settings, notes }: FoundCall): string[] {
  const fields = { url, ...settings };
  const lines = Object.entries(fields).flatMap(([key, value]) => {
    const note = notes[key];
    return [
      ...(note === undefined ? [] : [`# ${note.replaceAll(/\s+/g, ' ')}`]),
      ...yaml({ [key]: value }).split('\n'),
      ...(key === 'url' ? COMMAND : []),
    ];
  });
  return [`  ${id}:`, ...lines.map((line) => `    ${line}`)];
}

function yaml(value: object): string {
  return stringify(value, { lineWidth: 100, aliasDuplicateObjects: false }).trimEnd();
}

/** Short names of the patterns, each unique. */
function idsOf(calls: readonly FoundCall[]): string[] {
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
