import type { Assessed } from '../../analysis/claims/assess.ts';
import type { RatedProperty } from '../../analysis/claims/claim.ts';
import type { ClaimVerdict } from '../../analysis/claims/verdict.ts';
import { commandOf, claimWords } from '../claims/statements.ts';
import { whyText } from '../claims/why-text.ts';
import { plural } from '../format.ts';
import { screenTable } from './screen-table.ts';
import type { Screen } from './screen.ts';
import { textCell } from '../view.ts';

type Tested = Extract<Assessed, { readonly assessment: object }>;

/** Nothing of it passes or fails. */
const OPTIONS_HERE = '--full, --format markdown|json|csv';

const NOTHING = { chart: null, notes: [], warnings: [], scope: null, validity: null } as const;

/** Complexity is a list written by hand: no measurement supports or contradicts it. */
const OUR_RATING: readonly string[] = ['1b'];

/** The screen of claims that were judged: contradicted ones first, of the rest how many and what to run. */
export function verdictsScreen(assessed: readonly Assessed[]): Screen {
  const tested = assessed
    .filter((one) => 'assessment' in one)
    .filter(({ claim }) => !OUR_RATING.includes(claim.id));
  const of = (verdict: ClaimVerdict) => tested.filter(({ assessment }) => assessment.verdict === verdict);
  const decided = [...of('contradicted'), ...of('supported')];
  const open = of('inconclusive');
  return {
    ...NOTHING,
    run: `Claims of the guides, assessed by ${plural(filesOf(tested).length, 'result')}`,
    tables: decided.length === 0 ? [] : [claimsTable(decided)],
    findings: [
      `${decided.length} of ${plural(tested.length, 'testable claim')} decided: ${of('supported').length} supported, ${of('contradicted').length} contradicted.`,
      ...openText(open),
    ],
    more: `commbench claims ${OPTIONS_HERE}`,
  };
}

function filesOf(tested: readonly Tested[]): string[] {
  return [...new Set(tested.flatMap(({ file }) => file ?? []))];
}

/** `21 inconclusive: 20 not run (commbench run hang, ...), 1 by its figures.` */
function openText(open: readonly Tested[]): string[] {
  if (open.length === 0) return [];
  const lacking = open.filter(({ assessment }) => assessment.isLacking);
  const commands = [...new Set(lacking.map(({ claim }) => commandOf(claim)))];
  const next = commands.slice(0, 2).map((command) => `\`${command}\``);
  const notRun = lacking.length === 0 ? [] : [`${lacking.length} not run (next: ${next.join(', ')})`];
  const unclear = open.length - lacking.length;
  const rest = unclear === 0 ? [] : [`${unclear} by what was measured`];
  return [`${open.length} inconclusive: ${[...notRun, ...rest].join(', ')}.`];
}

const MOST_SHOWN = 18;
const STATEMENT_LENGTH = 54;
const WHY_LENGTH = 42;

function claimsTable(decided: readonly Tested[]) {
  const table = screenTable(
    {
      id: 'claims',
      title: '',
      head: 'Claim',
      columns: [
        { id: 'verdict', title: 'Verdict', align: 'left', priority: 1, cell: verdictCell },
        {
          id: 'statement',
          title: 'Statement',
          align: 'left',
          priority: 1,
          cell: ({ claim }) => lineCell(claimWords(claim).statement, STATEMENT_LENGTH),
        },
        {
          id: 'why',
          title: 'Why',
          align: 'left',
          priority: 2,
          cell: (one) => lineCell(whyText(one), WHY_LENGTH),
        },
      ],
      nameOf: ({ claim }) => ({ pattern: claim.id, title: claim.id }),
    },
    decided.slice(0, MOST_SHOWN),
  );
  return table;
}

const TONES = { supported: 'good', contradicted: 'bad', inconclusive: 'weak' } as const;

function verdictCell({ assessment: { verdict } }: Tested) {
  return textCell(verdict, { tone: TONES[verdict] });
}

/** In one line, never broken. */
function lineCell(text: string, most: number) {
  const cut = text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
  return textCell(cut, { unit: 'graph' });
}

/** The screen of the rules alone: nothing was judged. */
export function rulesScreen(claims: readonly RatedProperty[]): Screen {
  const tested = claims
    .filter((claim) => claim.scenario !== null)
    .filter(({ id }) => !OUR_RATING.includes(id));
  const byScenario = [...Map.groupBy(tested, (claim) => commandOf(claim).replace('commbench run ', ''))];
  return {
    ...NOTHING,
    run: 'Claims of the guides: no result was assessed',
    tables: [
      screenTable(
        {
          id: 'claims',
          title: '',
          head: 'commbench run',
          columns: [
            {
              id: 'claims',
              title: 'Claims',
              align: 'left',
              priority: 1,
              cell: ([, own]) => lineCell(own.map(({ id }) => id).join(', '), STATEMENT_LENGTH),
            },
          ],
          nameOf: ([run]) => ({ pattern: run, title: run }),
        },
        byScenario,
      ),
    ],
    findings: [
      `${plural(tested.length, 'claim')} can be tested, ${claims.length - tested.length} not yet. Run one of these, then \`commbench claims\` again.`,
    ],
    more: `commbench claims --rules ${OPTIONS_HERE}`,
  };
}
