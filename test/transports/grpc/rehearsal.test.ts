import { expect, it } from 'vitest';
import type { Message } from '../../../src/kernel/transport.ts';
import { grpcOptionsSchema } from '../../../src/transports/grpc/options.ts';
import { rehearseGrpc } from '../../../src/transports/grpc/rehearsal.ts';

const context = { interaction: 'request-reply', options: grpcOptionsSchema.parse({}) } as const;
const message: Message = {
  operation: 'createUser',
  body: { email: 'a@example.com', name: 'a' },
  envelope: { trial: 0, stage: 'warm-up', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 },
};

it('a rehearsal answers everything, and leaves nothing open', async () => {
  const open = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
  const before = open();
  {
    await using connection = await rehearseGrpc(context);
    const results = await Promise.all(Array.from({ length: 200 }, () => connection.send(message)));
    expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['reply']));
  }
  // A socket of the client's is gone a turn of the loop after it was closed; the test's own bound ends this.
  while (open() > before) await new Promise((resolve) => void setImmediate(resolve));
});
