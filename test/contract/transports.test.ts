import { describe } from 'vitest';
import { allSubjects } from '../support/transport-rig.ts';
import { describeDefinition } from './definition-suite.ts';
import { describePort } from './port-suite.ts';
import { describeProcess } from './process-suite.ts';

/** The same checks for every transport in src/transports × interaction: a new folder is found by itself. */
for (const subject of await allSubjects()) {
  const title = `${subject.name}, ${subject.interaction}`;
  if (subject.missing !== undefined) process.stderr.write(`SKIPPED ${title}: ${subject.missing}\n`);
  describe.skipIf(subject.missing !== undefined)(title, () => {
    describeDefinition(subject);
    describePort(subject);
    describeProcess(subject);
  });
}
