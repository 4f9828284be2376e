import { fieldOf } from '../../plan/kinds/kinds.ts';
import type { FaultMissed } from '../../analysis/warnings/faults/fault-missed.ts';
import type { FaultWarning } from '../../analysis/warnings/faults/fault-warnings.ts';
import type { HealthUnknown } from '../../analysis/warnings/faults/health-unknown.ts';
import type { OneRound } from '../../analysis/warnings/faults/one-round.ts';
import type { OutageMissed } from '../../analysis/warnings/outage-missed.ts';
import type { SpreadUnknown } from '../../analysis/warnings/spread-unknown.ts';
import { RECOVERED_WINDOWS, WINDOW_ARRIVALS } from '../../measure/hops/hop-figures.ts';
import { formatCount, plural } from '../format.ts';
import type { Templates } from '../template.ts';
import type { WarningWords } from './words.ts';

/** Faults that were not as planned, and unknown health and spread. */
export const FAULT_WORDS: Templates<FaultWarning | OutageMissed | SpreadUnknown, WarningWords> = {
  'fault-missed': (missed) =>
    'line' in missed
      ? {
          text: faultMissedText(missed),
          hint: 'Run again with a longer fault (`forMs`) or more load (--rate).',
        }
      : outageMissedWords(missed),
  'hops-torn': ({ line, torn }) => ({
    text: `${line}: ${plural(torn, 'line')} of the services' logs cannot be read: their hops are missing.`,
    hint: 'Look for a full disk (`commbench doctor`), and run again.',
  }),
  'health-unknown': (unknown) => ({
    text: healthUnknownText(unknown),
    hint: 'Run with more load (--rate), a larger share of it in `mix`, or for longer (--set durationMs=...).',
  }),
  'recovery-unseen': ({ lines }) => ({
    text: `${lines.join('; ')}: not watched long enough to see a recovery. Fewer than ${RECOVERED_WINDOWS} windows of ${WINDOW_ARRIVALS} arrivals followed the end of the fault.`,
    hint: 'Run longer (--set durationMs=...), or with more load (--rate).',
  }),
  'no-control': ({ lines }) => ({
    text: `No control trial for ${lines.join('; ')}: the fault's effect cannot be separated from the usual behaviour.`,
    hint: 'Run the scenario: the control is part of its plan.',
  }),
  'control-unhealthy': ({ name, endpoints }) => ({
    text: `${name}: the control was not healthy either (${endpoints.join(', ')}). Figures of the fault include some of that.`,
    hint: 'Use a quieter machine or less load (--rate), or declare a wider objective (--set objectiveMs=...).',
  }),
  'objective-rough': ({ endpoints }) => ({
    text: `No objectiveMs is set, and the baseline has too few calls for the p99 that replaces it (${endpoints.join(', ')}).`,
    hint: 'Set the objective: --set objectiveMs=...',
  }),
  'spread-unknown': (unknown) => ('names' in unknown ? singleRoundWords(unknown) : oneRoundWords(unknown)),
};

export function faultMissedText({ line, fault, planned, why }: FaultMissed): string {
  const because = {
    'never-injected': 'it was planned, and never injected',
    'no-connection': 'no connection was open',
    'none-struck': `of ${plural(planned ?? 0, 'message')} planned none was struck`,
    unseen: 'it was injected, but not observed',
  }[why];
  return `${line}: the fault ${fault.id} of ${fault.on} hit nothing: ${because}. The figures beside it are not its effect.`;
}

/** Scenario fields by which the two are planned. */
const FIELD = { serviceOutage: fieldOf('service-outage'), brokerOutage: fieldOf('broker-outage') } as const;

function outageMissedWords({ title, kind, why }: OutageMissed): WarningWords {
  const who = kind === 'brokerOutage' ? 'broker' : 'service';
  const because =
    why === 'no-call' ? `no call was intended while the ${who} was down` : 'it was planned, but not observed';
  return {
    text: `${title}: the fault${kind === 'brokerOutage' ? ' of its broker' : ''} hit nothing (${because}), so its coupling is not known.`,
    hint: `Run again; a longer outage (--set ${FIELD[kind]}.forMs=8s) or a higher --rate meets more calls.`,
  };
}

export function healthUnknownText({ endpoints }: HealthUnknown): string {
  return `Fewer than ${WINDOW_ARRIVALS} arrivals of ${endpoints.join(', ')} from the fault on: harm and recovery are unknown.`;
}

function singleRoundWords({ names }: SpreadUnknown): WarningWords {
  return {
    text: `One round: spread unknown (${names.join(', ')}).`,
    hint: 'Run with --rounds 5.',
  };
}

function oneRoundWords({ trials }: OneRound): WarningWords {
  return {
    text: `One round: spread unknown. ${formatCount(trials)} ${trials === 1 ? 'trial shows' : 'different trials show'} no variation of these figures.`,
    hint: 'Run with --rounds 5.',
  };
}
