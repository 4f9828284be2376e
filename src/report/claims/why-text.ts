import type { Assessed } from '../../analysis/claims/assess.ts';
import { claimReasonText } from './claim-reason.ts';
import { commandOf } from './command-of.ts';

/** Why a claim was judged so, and where a trial is lacking the command that makes it. */
export function whyText({ claim, assessment }: Extract<Assessed, { readonly assessment: unknown }>): string {
  const text = claimReasonText(assessment.why);
  return assessment.isLacking ? `${text}: ${commandOf(claim)}` : text;
}
