import type { Assessed } from '../../analysis/claims/assess.ts';
import type { GuideClaim, TestedClaim } from '../../analysis/claims/claim.ts';
import type { ClaimVerdict } from '../../analysis/claims/verdict.ts';
import { plural } from '../format.ts';
import { commandOf } from './command-of.ts';

export type Tested = Extract<Assessed, { readonly assessment: object }>;

export const CLAIM_TONES = { supported: 'good', contradicted: 'bad', inconclusive: 'weak' } as const;

/** Complexity is a list written by hand: no measurement supports or contradicts it. */
const OUR_RATING: readonly string[] = ['1b'];

export function testable(claims: readonly GuideClaim[]): TestedClaim[] {
  return claims.filter((claim) => claim.scenario !== null).filter(({ id }) => !OUR_RATING.includes(id));
}

export function testedOf(assessed: readonly Assessed[]): Tested[] {
  return assessed.filter((one) => 'assessment' in one).filter(({ claim }) => !OUR_RATING.includes(claim.id));
}

/** `27 claims can be tested, 9 not yet. ...` */
export function rulesSentence(claims: readonly GuideClaim[]): string {
  const untested = claims.filter(({ scenario }) => scenario === null).length;
  return `${plural(testable(claims).length, 'claim')} can be tested, ${untested} not yet. Run the command of a claim, then \`commbench claims\` again.`;
}

/** `6 of 26 testable claims decided: 4 supported, 2 contradicted.`, and the others. */
export function claimSentences(assessed: readonly Assessed[]): string[] {
  const tested = testedOf(assessed);
  const of = (verdict: ClaimVerdict) => tested.filter(({ assessment }) => assessment.verdict === verdict);
  const [supported, contradicted] = [of('supported').length, of('contradicted').length];
  const built = of('supported').filter(({ claim }) => claim.scenario !== null && claim.isByConstruction);
  const note = built.length === 0 ? '' : ` (${built.length} of them by construction)`;
  return [
    `${supported + contradicted} of ${plural(tested.length, 'testable claim')} decided: ${supported} supported${note}, ${contradicted} contradicted.`,
    ...openText(of('inconclusive')),
  ];
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
