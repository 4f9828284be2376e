import type { Report } from '../report.ts';
import { type Cell, type Explanation, type Section, textCell } from '../view.ts';
import type { Assessed } from '../../analysis/claims/assess.ts';
import type { GuideClaim, TestedClaim } from '../../analysis/claims/claim.ts';
import { type TableColumn, tableOf, textColumn } from '../table.ts';
import { CLAIM_TONES, claimSentences, rulesSentence } from './claims-text.ts';
import { claimEvidenceText } from './claim-evidence.ts';
import { commandOf } from './command-of.ts';
import { whyText } from './why-text.ts';
import { claimFindings, ruleFindings } from '../../analysis/findings/claims.ts';
import { rulesScreen, verdictsScreen } from '../screen/claims-screen.ts';

const NOT_TESTED = 'not tested yet';
const TITLE = 'Claimed by the guides, and measured';

/** Every claim with the scenario and the rule that test it. */
export function rulesView(claims: readonly GuideClaim[]): Report {
  const isTested = (claim: GuideClaim): claim is TestedClaim => claim.scenario !== null;
  const columns: TableColumn<GuideClaim>[] = [
    left('found', 'Run', (claim) =>
      isTested(claim) ? textCell(commandOf(claim)) : textCell(NOT_TESTED, { tone: 'weak' }),
    ),
    left('why', 'Rule', (claim) => textCell(ruleOf(claim))),
  ];
  return {
    ...EMPTY,
    found: ruleFindings(claims),
    screen: rulesScreen(claims),
    findings: [rulesSentence(claims)],
    tables: [claimsTable('rules', columns, claims, (claim) => claim)],
    meta: {
      ...EMPTY.meta,
      howToRead: [GUIDES, 'A claim with a letter is part of one sentence of the guides.'],
    },
  };
}

/** The verdict of each claim, then rule and figures behind each. */
export function verdictsView(assessed: readonly Assessed[]): Report {
  const columns = [left('found', 'Verdict', verdictCell), left('why', 'Why', whyCell)];
  const table = claimsTable('claims', columns, assessed, ({ claim }) => claim);
  return {
    ...EMPTY,
    found: claimFindings(assessed),
    screen: verdictsScreen(assessed),
    findings: claimSentences(assessed),
    tables: [{ ...table, isExplained: true }],
    meta: {
      ...EMPTY.meta,
      about: filesOf(assessed).map((file) => `Result file: ${file}`),
      explanations: assessed.flatMap(explanationOf),
      howToRead: [
        GUIDES,
        'Supported, contradicted: by measurements on this machine, under a rule fixed beforehand. Another machine or other settings may give another verdict.',
        'Inconclusive: not run, not valid, or neither supported nor contradicted.',
      ],
    },
  };
}

function verdictCell(one: Assessed): Cell {
  if (!('assessment' in one)) return textCell(NOT_TESTED, { tone: 'weak' });
  const { verdict } = one.assessment;
  return textCell(verdict, { tone: CLAIM_TONES[verdict] });
}

function whyCell(one: Assessed): Cell {
  return 'assessment' in one ? textCell(whyText(one)) : textCell(ruleOf(one.claim), { tone: 'weak' });
}

/** Rule of a claim; without a scenario, the effort of a test. */
function ruleOf(claim: GuideClaim): string {
  return claim.scenario === null ? `it takes ${claim.rule}` : claim.rule;
}

function explanationOf(one: Assessed): Explanation[] {
  if (!('assessment' in one) || one.assessment.evidence.length === 0) return [];
  const { claim, assessment, file } = one;
  const { id, scenario, statement, rule } = claim;
  return [
    {
      title: `${id} ${statement}`,
      rule: `${scenario}, ${rule}.`,
      rows: [
        {
          title: file ?? scenario,
          figures: assessment.evidence.map(claimEvidenceText),
          verdict: `${assessment.verdict}: ${whyText(one)}`,
        },
      ],
    },
  ];
}

function filesOf(assessed: readonly Assessed[]): string[] {
  const files = assessed.flatMap((one) => ('assessment' in one && one.file !== null ? [one.file] : []));
  return [...new Set(files)].toSorted();
}

const GUIDES =
  'Guides: A best practices, B a step-by-step guide, C patterns (the one with the table), D advanced patterns. Their statements are paraphrased.';

function left<Line>(id: string, title: string, cell: (line: Line) => Cell): TableColumn<Line> {
  return textColumn(id, title, cell);
}

function claimsTable<Line>(
  id: string,
  columns: readonly TableColumn<Line>[],
  lines: readonly Line[],
  claimOf: (line: Line) => GuideClaim,
): Section {
  return tableOf(
    {
      id,
      title: TITLE,
      head: 'Claim',
      nameOf: (line) => ({ pattern: claimOf(line).id, title: claimOf(line).id }),
      columns: [
        left('statement', 'Statement', (line: Line) => textCell(claimOf(line).statement)),
        left('guides', 'Guides', (line: Line) => textCell(claimOf(line).guides.join(', '))),
        ...columns,
      ],
    },
    lines,
  );
}

const EMPTY: Omit<Report, 'screen'> = {
  findings: [],
  found: [],
  tables: [],
  charts: [],
  caveats: { warnings: [], footnotes: [] },
  meta: { title: TITLE, about: [], file: null, explanations: [], howToRead: [], fairness: [], rules: [] },
};
