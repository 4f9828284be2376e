import { afterAll, describe } from 'vitest';
import { allSubjects, encodingsOf } from '../support/transport-bench.ts';
import { describeConsumer } from './consumer-suite.ts';
import { describeDefinition } from './definition-suite.ts';
import { describeOutcomes } from './outcome-suite.ts';
import { outcomeTable } from './outcome-table.ts';
import { describePort } from './port-suite.ts';
import { describeProcess } from './process-suite.ts';
import { describeStreams } from './stream-suite.ts';
import { describeSubscribers } from './subscriber-suite.ts';

/**
 * The same checks for every transport in src/transports × interaction: a new folder is found by itself.
 * @param isHere by the name of its broker, undefined where it has none: the patterns that this file takes
 */
export async function describeTransports(isHere: (broker: string | undefined) => boolean): Promise<void> {
  for (const subject of await allSubjects(isHere)) {
    const title = `${subject.name}, ${subject.interaction}`;
    if (subject.missing !== undefined) process.stderr.write(`SKIPPED ${title}: ${subject.missing}\n`);
    describe.skipIf(subject.missing !== undefined)(title, () => {
      describeDefinition(subject);
      describePort(subject);
      describeConsumer(subject);
      describeStreams(subject);
      describeOutcomes(subject);
      describeProcess(subject);
      describeSubscribers(subject);
    });
    for (const options of encodingsOf(subject)) {
      describe.skipIf(subject.missing !== undefined)(`${title}, ${JSON.stringify(options)}`, () => {
        describePort({ ...subject, options });
        describeStreams({ ...subject, options });
      });
    }
  }

  afterAll(() => void process.stderr.write(`\n${outcomeTable()}\n`));
}
