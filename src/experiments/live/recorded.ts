import { stringify } from 'yaml';
import { faultByName } from '../../faults/faults.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { pairedScenario } from '../../plan/paired-scenario.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';
import { type Scenario, scenarioSchema } from '../../scenario/schema/schema.ts';
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
  const own = scenario.patterns.filter(({ id }) => id === pattern).map(({ alternative: _, ...rest }) => rest);
  const title = scenario.title.slice(0, LONGEST_TITLE - SUFFIX.length) + SUFFIX;
  return { ...pairedScenario(scenario, 1, 'fault'), title, patterns: own, reference: null, faults: [] };
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

/** The file of a scenario: what differs from the defaults. */
export function scenarioText(scenario: Scenario, head: readonly string[]): string {
  const { name, title, patterns } = scenario;
  const usual: Readonly<Record<string, unknown>> = scenarioSchema.parse({ name, title, patterns });
  const isOwn = ([key, value]: [string, unknown]) =>
    ['name', 'title', 'patterns', 'durationMs'].includes(key) ||
    JSON.stringify(value) !== JSON.stringify(usual[key]);
  const own = Object.fromEntries(Object.entries(scenario).filter(isOwn));
  return [...SCHEMA_LINES, ...head.map((line) => `# ${line}`), stringify(own, { lineWidth: 110 })].join('\n');
}
