import { stringify } from 'yaml';
import { faultByName } from '../../faults/faults.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { pairedScenario } from '../../plan/paired-scenario.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';
import { type Pattern, type Scenario, scenarioSchema } from '../../scenario/schema/schema.ts';
import { SCHEMA_LINES } from '../../scenario/schema/schema-lines.ts';

/** What was done in a session. */
export interface Played {
  readonly faults: readonly PlannedFault[];
  readonly durationMs: number;
}

const LONGEST_TITLE = 120;
const SUFFIX = ' (live)';

/** The scenario of a session before anything is done in it: one pattern, one trial with faults, one control. */
export function liveScenario(scenario: Scenario, pattern: string): Scenario {
  const own = scenario.patterns.filter(({ id }) => id === pattern).map(withoutAlternative);
  const title = scenario.title.slice(0, LONGEST_TITLE - SUFFIX.length) + SUFFIX;
  return { ...pairedScenario(scenario, 1, 'fault'), title, patterns: own, reference: null, faults: [] };
}

function withoutAlternative(pattern: Pattern): Pattern {
  const { alternative: _, ...rest } = pattern;
  return rest;
}

/**
 * The scenario that does the same again.
 * @param scenario of `liveScenario`
 */
export function recordedScenario(scenario: Scenario, { faults, durationMs }: Played): Scenario {
  const played = { ...scenario, faults: faults.map(writtenFault), durationMs };
  const bare = { ...played, endpoints: [], objectiveMs: null };
  // Where nothing was done, nothing has a health; where it ended soon, no recovery can be watched.
  const forms =
    faults.length === 0
      ? [bare]
      : [
          { ...played, watchRecovery: true },
          { ...played, watchRecovery: false },
        ];
  for (const form of forms) {
    const parsed = scenarioSchema.safeParse(form);
    if (parsed.success) return parsed.data;
  }
  const { error } = scenarioSchema.safeParse(forms.at(-1));
  throw new CommbenchError('defect', `Expected a scenario of what was done, found ${error?.message}`);
}

/** Its id is the one that the plan of a scenario gives it. */
function writtenFault({ do: name, on, atMs, forMs, options }: PlannedFault): Scenario['faults'][number] {
  const usual: Readonly<Record<string, unknown>> = faultByName(name).options.safeParse({}).data ?? {};
  const own = Object.entries(options).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]),
  );
  return { do: name, ...(on === '' ? {} : { on }), atMs, forMs, ...Object.fromEntries(own) };
}

/** The file of a scenario: all that its defaults do not say. */
export function scenarioText(scenario: Scenario, head: readonly string[]): string {
  const own = structuredClone(scenario) as Part;
  dropDefaults(own, own, JSON.stringify(scenario));
  const lines = [...SCHEMA_LINES, ...head.map((line) => `# ${line}`)];
  return [...lines, stringify(readably(own), { lineWidth: 110 })].join('\n');
}

type Part = Record<string, unknown>;

/** Removes every key without which the whole is still the same scenario. */
function dropDefaults(whole: Part, part: Part, same: string): void {
  for (const [key, value] of Object.entries(part)) {
    if (typeof value === 'object' && value !== null) dropDefaults(whole, value as Part, same);
    if (Array.isArray(part)) continue;
    const { [key]: before } = part;
    delete part[key];
    if (JSON.stringify(scenarioSchema.safeParse(whole).data) !== same) part[key] = before;
  }
}

/** Keys that say what an entry is, which a reader looks for first. */
const FIRST = ['name', 'title', 'id', 'do', 'policy', 'on', 'from', 'to', 'atMs', 'forMs'];

function readably(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(readably);
  const rank = (key: string) => (FIRST.indexOf(key) + FIRST.length + 1) % (FIRST.length + 1);
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, readably(inner)]));
}
