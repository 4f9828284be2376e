import type { HealthUnknown } from '../../../analysis/warnings/faults/health-unknown.ts';
import { WINDOW_ARRIVALS } from '../../../measure/hops/hop-figures.ts';

export function healthUnknownText({ endpoints }: HealthUnknown): string {
  return `Fewer than ${WINDOW_ARRIVALS} arrivals of ${endpoints.join(', ')} from the fault on: whether it was harmed, and when it was well again, is not known.`;
}
