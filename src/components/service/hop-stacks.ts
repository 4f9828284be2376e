import { type Nanoseconds, NS_PER_MS } from '../../kernel/clock.ts';
import type { Call } from '../../kernel/transport.ts';
import type { PolicySpec } from '../../policies/policies.ts';
import type { PolicySwitch } from '../../plan/service-config.ts';

/** The call of an edge at an instant, and the switch that decides; undefined: its own policies. */
interface StackNow {
  readonly call: Call;
  readonly by: string | undefined;
}

/** The stacks of policies of one edge, over the time of a load. */
export interface EdgeStacks {
  /** Replaces the switches. One that was known before keeps the memory of its policies. */
  follow(switches: readonly PolicySwitch[]): void;
  /** @param sinceNs the start of the load; NaN: that is not known */
  at(sinceNs: Nanoseconds): StackNow;
}

/** @param wrap makes a stack, whose memory begins then */
export function createStacks(
  own: readonly PolicySpec[],
  first: readonly PolicySwitch[],
  wrap: (policies: readonly PolicySpec[]) => Call,
): EdgeStacks {
  const usual: StackNow = { call: wrap(own), by: undefined };
  const made = new Map<string, StackNow>();
  let switches = first;
  const stackOfSwitch = ({ id, policies }: PolicySwitch): StackNow => {
    const known = made.get(id) ?? { call: wrap(policies), by: id };
    made.set(id, known);
    return known;
  };
  return {
    follow: (changed) => void (switches = changed),
    at(sinceNs) {
      const now = switches.find(({ fromMs, toMs }) => {
        return fromMs * NS_PER_MS <= sinceNs && sinceNs < toMs * NS_PER_MS;
      });
      return now ? stackOfSwitch(now) : usual;
    },
  };
}
