import { endsWithin } from '../../kernel/wait.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import type { Trial } from '../../record/record.ts';
import { type BrokerChoice, dropBroker, restartBroker } from './broker-set.ts';
import type { Testbed } from './testbed.ts';

/** So long after a failed trial a broker's own end may still be on its way to us. */
const NOTICE_MS = 500;

/** Keeps the brokers of a run up and warm from trial to trial. */
export interface BrokerCare {
  /** All brokers of the run are up, or its trials fail with the cause; those that the next one goes over are warm. */
  before(own: readonly BrokerIdentity[]): Promise<void>;
  /** @param taken those that the trial took away */
  after(trial: Pick<Trial, 'state'>, taken: readonly BrokerIdentity[]): Promise<void>;
}

/** @param needed all that the run can have and needs */
export function careForBrokers(
  testbed: Testbed,
  needed: readonly BrokerIdentity[],
  choice: Pick<BrokerChoice, 'urls' | 'allowRemote' | 'load'>,
): BrokerCare {
  /** Started again since they were warmed. */
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
      await broker.warm(testbed.signal);
    } catch (error) {
      if (testbed.signal.aborted) throw testbed.signal.reason;
      testbed.progress.line(`${title} did not last through its warming: ${(error as Error).message}`);
      await dropBroker(testbed, name);
    }
  };
  return {
    async before(own) {
      for (const definition of own) await warmAgain(definition);
      for (const definition of needed) {
        if ((await isLost(definition)) && !(await restartBroker(testbed, definition, choice))) {
          testbed.progress.line(`${definition.title} did not come back`);
        }
      }
    },
    async after({ state }, taken) {
      // Its clients may have noticed a broker's end before the reaper did.
      noticeMs = state === 'failed' ? NOTICE_MS : 1;
      for (const { name } of taken) {
        // Killed, and not brought back: nobody was told that it was lost.
        if (state === 'failed') await dropBroker(testbed, name);
        if (state === 'done') cold.add(name);
      }
    },
  };
}
