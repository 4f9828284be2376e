import { describe, expect, test } from 'vitest';
import { contractVersionByName } from '../../src/contracts/contracts.ts';
import { users } from '../../src/contracts/users.ts';
import type { Performed } from '../../src/kernel/contract.ts';
import type { SendResult } from '../../src/kernel/transport.ts';
import { loadTransportDefinition, loadTransportParts } from '../../src/transports/discover.ts';
import { messageOf } from '../support/messages.ts';

const interaction = 'request-reply';
const { updateUser } = users.operations;

/** One call of a caller with the first version to a real server of another. */
async function callOver(transport: string, version: string, given: object = {}) {
  const [definition, parts] = await Promise.all([
    loadTransportDefinition(transport),
    loadTransportParts(transport),
  ]);
  const options = definition.options.parse(given);
  const perform = contractVersionByName(users, version).implement();
  const performed: Performed[] = [];
  const serve = await parts.serve();
  await using server = await serve(
    async ({ operation, body, envelope }) => {
      const { stored, ...handled } = perform(operation, body, envelope);
      performed.push({ ...handled, ...(stored ? { stored } : {}) });
      return handled;
    },
    {
      options,
      interaction,
      concurrency: 1,
      subscriber: 0,
      address: undefined,
      contractVersion: version,
    },
  );
  const connect = await parts.connect();
  await using connection = await connect(server.address, { options, interaction });
  const result = await connection.send(SENT);
  return { end: endOf(result), work: performed.map(workOf) };
}

/** A user whose status is not the default. */
const SENT = Array.from({ length: 10 }, (_, i) => messageOf('updateUser', i)).find(
  ({ body }) => (body as { status: string }).status !== 'ACTIVE',
)!;

function endOf(result: SendResult): string {
  if (result.kind !== 'reply') return result.kind === 'failure' ? result.outcome : 'ack';
  return updateUser!.check(SENT.body, result.body, result.asked) === undefined ? 'ok' : 'caught';
}

function workOf(performed: Performed): string {
  if (performed.kind === 'failed') return 'refused';
  const isSame = JSON.stringify(performed.stored) === JSON.stringify(updateUser!.content!(SENT.body));
  return isSame ? 'as sent' : 'otherwise';
}

/** By what each wire carries; found by sending it. */
const ENDS = {
  rest: {
    same: { end: 'ok', work: ['as sent'] },
    added: { end: 'ok', work: ['as sent'] },
    // The old name is ignored: the wrong status is stored before the caller misses it in the reply.
    renamed: { end: 'caught', work: ['otherwise'] },
    required: { end: 'error', work: ['refused'] },
  },
  grpc: {
    same: { end: 'ok', work: ['as sent'] },
    added: { end: 'ok', work: ['as sent'] },
    // Protocol Buffers carry the number of the field.
    renamed: { end: 'ok', work: ['as sent'] },
    // They cannot lack a number of proto3: 0 is stored, and nobody notices.
    required: { end: 'ok', work: ['otherwise'] },
  },
  graphql: {
    same: { end: 'ok', work: ['as sent'] },
    added: { end: 'ok', work: ['as sent'] },
    // The schema refuses the document before any work.
    renamed: { end: 'error', work: [] },
    required: { end: 'error', work: [] },
  },
};

describe.each(Object.entries(ENDS))('an old caller over %s', (transport, ends) => {
  test.each(Object.entries(ends))('the service has the version %s', async (version, end) => {
    expect(await callOver(transport, version)).toEqual(end);
  });
});

/** What a wire carries does not depend on who writes it. */
const OTHER_LIBRARIES = {
  rest: { client: 'fetch', host: 'fastify' },
  grpc: { client: 'connect', host: 'connect' },
  graphql: { host: 'yoga' },
} as const;

describe.each(Object.entries(OTHER_LIBRARIES))('over %s by %j', (transport, options) => {
  test.each(Object.entries(ENDS[transport as keyof typeof OTHER_LIBRARIES]))(
    '%s',
    async (version, expected) => {
      expect(await callOver(transport, version, options)).toEqual(expected);
    },
  );
});
