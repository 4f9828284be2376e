import type { Assessed } from '../../analysis/claims/assess.ts';
import type { GuideClaim } from '../../analysis/claims/claim.ts';
import type { ClaimVerdict } from '../../analysis/claims/verdict.ts';
import { commandOf } from '../claims/command-of.ts';
import { CLAIM_TONES, type Tested, testable, testedOf } from '../claims/claims-text.ts';
import { whyText } from '../claims/why-text.ts';
import { plural } from '../format.ts';
import { tableOf, textColumn } from '../table.ts';
import { BARE, type Screen } from './screen.ts';
import { type Section, textCell } from '../view.ts';

/** Nothing of it passes or fails. */
const OPTIONS_HERE = '--full, --format markdown|json|csv';

/** The screen of claims that were judged: contradicted ones first, of the rest how many and what to run. */
export function verdictsScreen(assessed: readonly Assessed[]): Screen {
  const tested = testedOf(assessed);
  const of = (verdict: ClaimVerdict) => tested.filter(({ assessment }) => assessment.verdict === verdict);
  const decided = [...of('contradicted'), ...of('supported')];
  return {
    ...BARE,
    run: `Claims of the guides, assessed by ${plural(filesOf(tested).length, 'result')}`,
    tables: decided.length === 0 ? [] : [claimsTable(decided)],
    more: `commbench claims ${OPTIONS_HERE}`,
  };
}

function filesOf(tested: readonly Tested[]): string[] {
  return [...new Set(tested.flatMap(({ file }) => file ?? []))];
}

const MOST_SHOWN = 18;
const STATEMENT_LENGTH = 54;
const WHY_LENGTH = 42;

function claimsTable(decided: readonly Tested[]): Section {
  const line = (textOf: (one: Tested) => string, most: number) => {
    return { align: 'left', cell: (one: Tested) => lineCell(textOf(one), most) } as const;
  };
  return tableOf<Tested>(
    {
      id: 'claims',
      head: 'Claim',
      isCompared: true,
      nameOf: ({ claim }) => ({ pattern: claim.id, title: claim.id }),
      columns: [
        textColumn('verdict', 'Verdict', verdictCell, { priority: 1 }),
        {
          id: 'statement',
          title: 'Statement',
          priority: 1,
          ...line(({ claim }) => claim.statement, STATEMENT_LENGTH),
        },
        { id: 'why', title: 'Why', priority: 2, ...line(whyText, WHY_LENGTH) },
      ],
    },
    decided.slice(0, MOST_SHOWN),
  );
}

function verdictCell({ assessment: { verdict } }: Tested) {
  return textCell(verdict, { tone: CLAIM_TONES[verdict] });
}

/** In one line, never broken. */
function lineCell(text: string, most: number) {
  const cut = text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
  return textCell(cut, { unit: 'graph' });
}

/** The screen of the rules alone: nothing was judged. */
export function rulesScreen(claims: readonly GuideClaim[]): Screen {
  const tested = testable(claims);
  const byScenario = [...Map.groupBy(tested, (claim) => commandOf(claim).replace('commbench run ', ''))];
  return {
    ...BARE,
    run: 'Claims of the guides: no result was assessed',
    tables: [
      tableOf<(typeof byScenario)[number]>(
        {
          id: 'claims',
          head: 'commbench run',
          isCompared: true,
          nameOf: ([run]) => ({ pattern: run, title: run }),
          columns: [
            textColumn(
              'claims',
              'Claims',
              ([, own]) => lineCell(own.map(({ id }) => id).join(', '), STATEMENT_LENGTH),
              { priority: 1 },
            ),
          ],
        },
        byScenario,
      ),
    ],
    more: `commbench claims --rules ${OPTIONS_HERE}`,
  };
}
