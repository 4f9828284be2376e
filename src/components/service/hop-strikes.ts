import { type Clock, monotonicClock, type Nanoseconds, NS_PER_MS } from '../../kernel/clock.ts';
import type { Handled } from '../../kernel/contract.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Incoming } from '../../kernel/transport.ts';
import { faultByName } from '../../faults/faults.ts';
import type { Strike, Struck } from '../../faults/fault.ts';
import { struck } from '../../faults/struck.ts';
import { hopMessage, type HopWriter } from '../../measure/logs/hop-log.ts';
import type { Alarm } from './alarm.ts';
import type { ApplicationFaultConfig, HopConfig } from '../../plan/service-config.ts';
import { struckDown } from './hop-words.ts';

/** Consequences for a message after its strikes. */
interface Blow {
  /** Result that replaces the work. */
  readonly failed?: Handled;
  /** The fault by which the process ends itself once the work is done. */
  readonly endsBy?: string;
}

/** The faults of the application layer, message by message. */
export interface Strikes {
  /** Names the start of the load: until then no fault strikes by instant. */
  expect(loadStartNs: Nanoseconds): void;
  /** Replaces the faults. One that was known before goes on counting. */
  follow(faults: readonly ApplicationFaultConfig[]): void;
  /** Settles when its delays are over. Strikes are written to the hop log as they begin. */
  meet(message: Incoming): Promise<Blow>;
  /** Logs that the process now ends by this fault: only then it is injected. */
  ended(message: Incoming, fault: string): void;
}

export interface StrikesParts extends Pick<HopConfig, 'service' | 'seed' | 'faults' | 'loadStartNs'> {
  readonly log: HopWriter;
  readonly alarm: Alarm;
  readonly clock?: Clock;
}

/** A fault of the plan, with its counters. */
interface Prepared extends Pick<ApplicationFaultConfig, 'id'> {
  begun: number;
  /** @param atNs since the start of the load; NaN: that is not known */
  readonly lastsFor: (sequence: number, atNs: Nanoseconds) => boolean;
  readonly strike: (message: Struck) => Strike | undefined;
}

/** Several faults may strike one message: delays add up, and the first failure is final. */
export function createStrikes(parts: StrikesParts): Strikes {
  const { service, seed, log, alarm } = parts;
  const clock = parts.clock ?? monotonicClock;
  let faults = parts.faults.map((fault) => prepare(fault));
  let loadStartNs = parts.loadStartNs ?? NaN;

  const write = ({ operation, envelope }: Incoming, fault: string): void => {
    const message = hopMessage(envelope, operation);
    const { attempt } = envelope;
    log.write({ type: 'injected', ...message, fault, service, attempt, atNs: clock.nowNs() });
  };

  /** Evaluated for all faults at once, as counting must not depend on earlier delays. */
  const strikesOn = ({ envelope: { stage, sequence, attempt } }: Incoming): [string, Strike][] => {
    if (stage !== 'measured') return [];
    const found: [string, Strike][] = [];
    const atNs = clock.nowNs() - loadStartNs;
    for (const fault of faults) {
      if (!fault.lastsFor(sequence, atNs)) continue;
      const message = struck({ seed, fault: fault.id }, { sequence, attempt, begun: fault.begun++ });
      const strike = fault.strike(message);
      if (strike) found.push([fault.id, strike]);
    }
    return found;
  };

  return {
    expect: (startNs) => void (loadStartNs = startNs),
    follow(changed) {
      const begunOf = new Map(faults.map(({ id, begun }) => [id, begun]));
      faults = changed.map((fault) => prepare(fault, begunOf.get(fault.id)));
    },
    async meet(message) {
      let endsBy: string | undefined;
      for (const [fault, strike] of strikesOn(message)) {
        if (strike.kind === 'end-before-ack') {
          endsBy = fault;
          continue;
        }
        write(message, fault);
        if (strike.kind !== 'fail') await alarm(clock.nowNs() + strike.ms * NS_PER_MS);
        if (strike.kind === 'delay') continue;
        return { failed: struckDown(fault, strike.kind === 'fail' ? strike.status : 'internal') };
      }
      return endsBy === undefined ? {} : { endsBy };
    },
    ended: write,
  };
}

function prepare(
  { id, do: name, options, from, to, fromMs, toMs }: ApplicationFaultConfig,
  begun = 0,
): Prepared {
  const definition = faultByName(name);
  if (definition.layer !== 'application') {
    throw new CommbenchError('defect', `Expected a fault of a service's messages, found ${name}`);
  }
  const whole = definition.options.parse(options) as never;
  const lastsFor: Prepared['lastsFor'] =
    definition.strikesBy === 'arrival'
      ? (sequence) => sequence >= from && sequence < to
      : (_sequence, atNs) => atNs >= fromMs * NS_PER_MS && atNs < toMs * NS_PER_MS;
  return { id, begun, lastsFor, strike: (message) => definition.strike(message, whole) };
}
