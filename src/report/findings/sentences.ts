import type { Finding } from '../../analysis/finding.ts';
import type { Names } from './names.ts';
import { contractHeld, contractLost, contractNoticed, contractSilent } from './contracts.ts';
import { fastestResponse, priceOfTolerance, ratings, ratingsElsewhere, toleratesDowntime } from './choice.ts';
import { closedLoops } from './closed-loops.ts';
import { libraryDependence, settingsDependence } from './alternatives.ts';
import {
  collateralDamage,
  doneTwice,
  lostWork,
  recoveryAfterFaults,
  successInFault,
  falseTrips,
} from './faults.ts';
import { completionOrder, firstItemOrder, jitterOrder } from './order.ts';
import { regimes } from './regimes.ts';
import { transportSwap } from './swaps.ts';
import type { Template } from './template.ts';

/** One template for each code, the most important first. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  'transport-swap': transportSwap,
  'success-in-fault': successInFault,
  'collateral-damage': collateralDamage,
  lost: lostWork,
  'done-twice': doneTwice,
  recovery: recoveryAfterFaults,
  'contract-silent': contractSilent,
  'contract-lost': contractLost,
  'contract-noticed': contractNoticed,
  'contract-held': contractHeld,
  'library-dependence': libraryDependence,
  'settings-dependence': settingsDependence,
  'fastest-response': fastestResponse,
  rating: ratings,
  'rating-elsewhere': ratingsElsewhere,
  regime: regimes,
  'closed-loop': closedLoops,
  'first-item-order': firstItemOrder,
  'jitter-order': jitterOrder,
  'completion-order': completionOrder,
  'tolerates-downtime': toleratesDowntime,
  'price-of-tolerance': priceOfTolerance,
  'false-trips': falseTrips,
};

/** Findings in words, a sentence for each code. */
export function sentencesOf(found: readonly Finding[], names: Names): string[] {
  const byCode = Map.groupBy(found, ({ code }) => code);
  return Object.entries(TEMPLATES).flatMap(([code, template]) => {
    const own = byCode.get(code);
    return own ? (template(own, names) ?? []) : [];
  });
}
