import { recovery } from '../../measure/hops/health.ts';
import type { Trial } from '../../record/record.ts';
import { endNs } from './stages.ts';

/** Titles of endpoints that would count as not recovered if a fault had been on from the beginning. */
export function unhealthyEndpoints(control: Trial): string[] {
  const whole = { fromNs: 0, toNs: 0 };
  return (control.hops?.endpoints ?? [])
    .filter(({ windows }) => {
      const { state } = recovery(windows, whole, endNs(control));
      return state === 'recovered' || state === 'not-recovered';
    })
    .map(({ title }) => title);
}
