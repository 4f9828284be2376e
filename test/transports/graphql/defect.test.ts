import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const sourceOf = (host: string) => `
  import { connectGraphql } from './src/transports/graphql/client.ts';
  import { graphqlOptionsSchema } from './src/transports/graphql/options.ts';
  import { parts } from './src/transports/graphql/parts.ts';
  const options = graphqlOptionsSchema.parse({ host: '${host}' });
  const context = { options, interaction: 'request-reply', concurrency: 1, subscriber: 0, address: undefined };
  const handler = async () => { throw new Error('The effect log is full'); };
  const server = await (await parts.serve())(handler, context);
  const connection = await connectGraphql(server.address, context);
  const envelope = { trial: 1, stage: 'measured', sequence: 1, attempt: 1, key: 0, deadlineNs: 0 };
  await connection.send({ operation: 'nothing', body: {}, envelope });
  process.exit(0);
`;

it.each(['graphql-http', 'yoga'])(
  'a handler that rejects ends the process: %s makes no reply of it',
  (host) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', sourceOf(host)],
      {
        encoding: 'utf8',
        timeout: 30_000,
      },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('Error: The effect log is full') as string,
    });
  },
);
