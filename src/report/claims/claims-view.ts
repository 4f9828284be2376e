import { plural } from '../format.ts';
import type { Report } from '../report.ts';
import { type Explanation, type Section, textCell } from '../view.ts';
import type { Assessed } from '../../analysis/claims/assess.ts';
import type { RatedProperty } from '../../analysis/claims/claim.ts';
import type { ClaimVerdict } from '../../analysis/claims/verdict.ts';
import { claimEvidenceText } from './claim-evidence.ts';
import { commandOf, claimWords } from './statements.ts';
import { whyText } from './why-text.ts';
import { claimFindings, ruleFindings } from '../../analysis/findings/claims.ts';
import { rulesScreen, verdictsScreen } from '../screen/claims-screen.ts';

const TONES = { supported: 'good', contradicted: 'bad', inconclusive: 'weak' } as const;
const VERDICTS: Readonly<Record<ClaimVerdict, string>> = {
  supported: 'supported',
  contradicted: 'contradicted',
  inconclusive: 'inconclusive',
};
const NOT_TESTED = 'not tested yet';
const TITLE = 'Claimed by the guides, and measured';

/** What can be tested by which scenario and which rule. */
export function rulesView(claims: readonly RatedProperty[]): Report {
  const tested = claims.filter(({ scenario }) => scenario !== null).length;
  return {
    ...EMPTY,
    found: ruleFindings(claims),
    screen: rulesScreen(claims),
    findings: [
      `${plural(tested, 'claim')} of the guides can be tested, ${claims.length - tested} not yet. Run the command beside a claim, then \`commbench claims\` again.`,
    ],
    tables: [
      section('rules', ['Run', 'Rule'], claims, (claim) =>
        claim.scenario === null
          ? [textCell(NOT_TESTED, { tone: 'weak' }), textCell(`it takes ${claimWords(claim).rule}`)]
          : [textCell(commandOf(claim)), textCell(claimWords(claim).rule)],
      ),
    ],
    meta: {
      ...EMPTY.meta,
      howToRead: [GUIDES, 'A claim with a letter is part of one sentence of the guides.'],
    },
  };
}

/** What was found of each claim: the verdicts first, then rule and figures behind each. */
export function verdictsView(assessed: readonly Assessed[]): Report {
  const byClaim = new Map(assessed.map((one) => [one.claim, one]));
  return {
    ...EMPTY,
    found: claimFindings(assessed),
    screen: verdictsScreen(assessed),
    findings: [summary(assessed)],
    tables: [
      {
        ...section('claims', ['Verdict', 'Why'], [...byClaim.keys()], (claim) => {
          const one = byClaim.get(claim)!;
          if (!('assessment' in one))
            return [textCell(NOT_TESTED, { tone: 'weak' }), textCell(whyOf(one), { tone: 'weak' })];
          const tone = TONES[one.assessment.verdict];
          return [textCell(VERDICTS[one.assessment.verdict], { tone }), textCell(whyOf(one))];
        }),
        isExplained: true,
      },
    ],
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

/** `Of 27 claims that can be tested: 7 supported here, 5 contradicted, ...`. */
function summary(assessed: readonly Assessed[]): string {
  const assessedClaims = assessed.filter((one) => 'assessment' in one);
  const count = (verdict: ClaimVerdict) =>
    assessedClaims.filter(({ assessment }) => assessment.verdict === verdict).length;
  const notRun = assessedClaims.filter(({ assessment }) => assessment.isLacking).length;
  const rest = assessed.length - assessedClaims.length;
  return `Of ${plural(assessedClaims.length, 'claim')} that can be tested: ${count('supported')} supported here, ${count('contradicted')} contradicted, ${count('inconclusive')} inconclusive (${notRun} of them not run). ${rest} more are not tested yet.`;
}

function whyOf(one: Assessed): string {
  return 'assessment' in one ? whyText(one) : `it takes ${claimWords(one.claim).rule}`;
}

function explanationOf(one: Assessed): Explanation[] {
  if (!('assessment' in one) || one.assessment.evidence.length === 0) return [];
  const { claim, assessment, file } = one;
  const { statement, rule } = claimWords(claim);
  return [
    {
      title: `${claim.id} ${statement}`,
      rule: `${claim.scenario}, ${rule}.`,
      rows: [
        {
          title: file ?? claim.scenario,
          figures: assessment.evidence.map(claimEvidenceText),
          verdict: `${VERDICTS[assessment.verdict]}: ${whyText(one)}`,
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

function section(
  id: string,
  [second, third]: readonly [string, string],
  claims: readonly RatedProperty[],
  cells: (claim: RatedProperty) => Section['rows'][number]['cells'],
): Section {
  const left = (column: string, title: string) => ({ id: column, title, align: 'left' }) as const;
  return {
    id,
    title: TITLE,
    head: 'Claim',
    columns: [
      left('statement', 'Statement'),
      left('guides', 'Guides'),
      left('found', second),
      left('why', third),
    ],
    rows: claims.map((claim) => ({
      pattern: claim.id,
      title: claim.id,
      part: null,
      cells: [textCell(claimWords(claim).statement), textCell(claim.guides.join(', ')), ...cells(claim)],
    })),
  };
}

const EMPTY: Omit<Report, 'screen'> = {
  findings: [],
  found: [],
  tables: [],
  charts: [],
  caveats: { warnings: [], footnotes: [] },
  meta: { title: TITLE, about: [], file: null, explanations: [], howToRead: [], fairness: [], rules: [] },
};
