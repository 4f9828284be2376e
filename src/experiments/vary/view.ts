import type { Finding } from '../../analysis/finding.ts';
import { validityFinding } from '../../analysis/findings/validity.ts';
import { VALIDITY_RULES } from '../../measure/validity/validity.ts';
import { plural } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { moreOf } from '../../report/screen/more.ts';
import { BARE, type Screen } from '../../report/screen/screen.ts';
import { setupText } from '../../report/setup-text.ts';
import type { Section, Warning } from '../../report/view.ts';
import type { RecordKind } from '../definition.ts';
import { NAMES, varyAnswer } from './answer.ts';
import { valueCharts } from './charts.ts';
import { isShare, type VariedPattern, variedPatterns } from './points.ts';
import { type VaryRecord, varySchema } from './record.ts';
import { valuesTable } from './tables.ts';

export const varyKind: RecordKind<VaryRecord> = { schema: varySchema, view: varyView };

/** Everything that is printed of a setting over its values, whatever the format. */
export function varyView(record: VaryRecord, file: string | null = null): Report {
  const patterns = variedPatterns(record);
  const hasTrials = record.trials.length > 0;
  const tables = hasTrials ? [valuesTable(record, patterns)] : [];
  const charts = hasTrials ? patterns.flatMap((pattern) => valueCharts(record, pattern)) : [];
  return {
    findings: varyAnswer(record, patterns),
    found: [...patterns.map((pattern) => findingOf(record, pattern)), validityFinding(record.trials)],
    screen: screenOf(record, tables, file),
    record,
    tables,
    charts,
    caveats: { warnings: warningsOf(record), footnotes: [] },
    meta: {
      title: `${record.design.path} of ${record.scenario.title}`,
      about: aboutOf(record),
      file,
      explanations: [],
      howToRead: howToRead(record),
      fairness: [],
      rules: [...VALIDITY_RULES, RULE],
    },
  };
}

const RULE =
  'told apart: the differences from the best value in the same rounds have an interval wholly on one side of 0, at 95 % for all values together (Bonferroni)';

function screenOf(
  { scenario, design, seed }: VaryRecord,
  tables: readonly Section[],
  file: string | null,
): Screen {
  const { path, values, rounds, variant, kind } = design;
  const under = [
    ...(variant === null ? [] : [variant]),
    kind === 'fault' ? 'with its faults' : 'without faults',
  ];
  return {
    ...BARE,
    run: `${scenario.name} (${under.join(', ')}): ${path} over ${plural(values.length, 'value')}, ${plural(rounds, 'round')}, seed ${seed}`,
    tables,
    validity: null,
    more: moreOf(file),
  };
}

function findingOf({ design }: VaryRecord, { pattern, kind, best }: VariedPattern): Finding {
  const unit = isShare(kind) ? 'share' : 'us';
  return {
    code: 'best-value',
    subject: [{ kind: 'pattern', id: pattern.id }],
    figures: [
      { name: 'value', value: best?.value ?? null, unit: 'count' },
      { name: NAMES[kind].replaceAll(' ', '-'), value: best?.figure ?? null, unit },
    ],
    verdict: best === null ? 'inconclusive' : best.alike.length === 0 ? 'best' : 'not-told-apart',
    terms: { setting: design.path, alike: (best?.alike ?? []).join(', ') },
    caveats: [],
  };
}

function aboutOf({
  scenario,
  design,
  seed,
  state,
  trials,
  startedAt,
  environment,
  brokers,
}: VaryRecord): string[] {
  const { path, values, rounds } = design;
  return [
    `Scenario ${scenario.name}: ${path} = ${values.join(', ')}, ${plural(rounds, 'round')}, seed ${seed}`,
    `State: ${state}, ${plural(trials.length, 'trial')}, started ${startedAt}`,
    ...setupText(environment, brokers),
  ];
}

function howToRead({ design: { kind } }: VaryRecord): string[] {
  return [
    kind === 'fault'
      ? 'Each value is measured once a round, under the same faults and the same arrivals. What decides is the share of calls due from the first fault to the end of the load that succeeded.'
      : 'Each value is measured once a round, with the same arrivals. What decides is the median response, or behind a broker the median completion.',
  ];
}

function warningsOf({ patterns }: VaryRecord): Warning[] {
  return patterns
    .filter(({ state }) => state === 'not-run')
    .map(({ title, reason, hint }) => ({
      code: 'not-run',
      text: `${title} was not run: ${reason ?? 'no reason was given'}.`,
      hint: hint ?? '`commbench doctor` shows what is missing.',
    }));
}
