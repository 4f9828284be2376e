import { endsWithin } from '../../kernel/wait.ts';
import type { ComponentSource } from '../../kernel/component.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import type { Trial } from '../../record/record.ts';
import { type BrokerChoice, dropBroker, restartBroker, warmInTime } from './broker-set.ts';
import type { Testbed } from './testbed.ts';

/** Time after a failed trial in which the reaper may still report a broker's end. */
const NOTICE_MS = 500;

/** Keeps the brokers of a run up and warm from trial to trial. */
export interface BrokerCare {
  /** Restores all brokers of the run, or fails with the cause, and warms those of the next trial. */
  before(own: readonly BrokerIdentity[]): Promise<void>;
  /** @param taken brokers that the trial took down */
  after(trial: Pick<Trial, 'state'>, taken: readonly BrokerIdentity[]): Promise<void>;
}

/** @param needed all brokers that the run can obtain and needs */
export function careForBrokers(
  testbed: Testbed,
  needed: readonly BrokerIdentity[],
  choice: Pick<BrokerChoice, 'urls' | 'allowRemote' | 'load'>,
): BrokerCare {
  /** Brokers restarted since they were warmed. */
  const cold = new Set<string>();
  let noticeMs = 1;

  const isLost = (definition: BrokerIdentity) => {
    const broker = testbed.brokers.get(definition.name);
    return broker ? endsWithin(noticeMs, broker.lost) : true;
  };
  const warmAgain = async ({ name, title }: BrokerIdentity) => {
    const broker = testbed.brokers.get(name);
    if (!broker || !cold.delete(name)) return;
    testbed.progress.line(`Warming ${title} again`);
    try {
      await warmInTime(testbed, broker);
    } catch (error) {
      if (testbed.signal.aborted) throw testbed.signal.reason;
      testbed.progress.line(`${title} was lost during its warm-up: ${(error as Error).message}`);
      await dropBroker(testbed, name);
    }
  };
  return {
    async before(own) {
      for (const definition of own) await warmAgain(definition);
      for (const definition of needed) {
        if ((await isLost(definition)) && !(await restartBroker(testbed, definition, choice))) {
          testbed.progress.line(`${definition.title} did not restart`);
        }
      }
    },
    async after({ state }, taken) {
      // Its clients may have noticed a broker's end before the reaper did.
      noticeMs = state === 'failed' ? NOTICE_MS : 1;
      for (const { name } of taken) {
        // Killed, and not restarted: its loss was never reported.
        if (state === 'failed') await dropBroker(testbed, name);
        if (state === 'done') cold.add(name);
      }
    },
  };
}

const NOT_OURS: Readonly<Record<ComponentSource, string>> = {
  url: 'was given by its URL',
  persistent: 'is started by `commbench up`',
  installed: 'cannot be restarted',
  'package-cache': 'cannot be restarted',
  compose: 'runs in a container',
  'built-in': 'cannot be restarted',
};

/** Reason in words why a broker may not be taken down (DESIGN 6); undefined where it may. */
export function whyNotTaken(testbed: Testbed, { name, title }: BrokerIdentity): string | undefined {
  const broker = testbed.brokers.get(name);
  // A missing broker is handled elsewhere: its trial fails with the cause.
  if (!broker || broker.faultTarget) return undefined;
  return `not ours: ${title} ${NOT_OURS[broker.source]}, and is never killed or frozen`;
}
