import { afterAll, describe } from 'vitest';
import {
  allSubjects,
  encodingsOf,
  librariesOf,
  mixedLibrariesOf,
  type Subject,
} from '../support/transport-bench.ts';
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
    const libraries = librariesOf(subject);
    for (const options of [undefined, ...(libraries ? [libraries] : [])]) {
      const name = options ? `${title}, ${JSON.stringify(options)}` : title;
      const one = options ? { ...subject, options } : subject;
      describe.skipIf(subject.missing !== undefined)(name, () => describeWhole(one));
    }
    const encodings = encodingsOf(subject).flatMap((options) => [
      options,
      ...withLibraries(options, libraries),
    ]);
    for (const options of [...encodings, ...mixedLibrariesOf(subject)]) {
      describe.skipIf(subject.missing !== undefined)(`${title}, ${JSON.stringify(options)}`, () => {
        describePort({ ...subject, options });
        describeStreams({ ...subject, options });
      });
    }
  }

  afterAll(() => void process.stderr.write(`\n${outcomeTable()}\n`));
}

function describeWhole(subject: Subject): void {
  describeDefinition(subject);
  describePort(subject);
  describeConsumer(subject);
  describeStreams(subject);
  describeOutcomes(subject);
  describeProcess(subject);
  describeSubscribers(subject);
}

function withLibraries(options: object, libraries: object | undefined): object[] {
  return libraries ? [{ ...options, ...libraries }] : [];
}
