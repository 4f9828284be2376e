import { describe, expect, it } from 'vitest';
import { contractByName } from '../../../src/contracts/contracts.ts';
import type { StreamPlan } from '../../../src/kernel/contract.ts';
import { loadMethods } from '../../../src/transports/grpc/methods.ts';
import { messageOf } from './grpc-bench.ts';

const OPERATIONS = ['users', 'echo', 'null'].flatMap((name) => {
  const contract = contractByName(name);
  return Object.entries(contract.operations).map(([operation, { request, stream }]) => {
    return { contract, operation, request, stream };
  });
});

describe.each(['protobuf', 'json'] as const)('the methods in proto/, in %s', (encoding) => {
  const methods = loadMethods(encoding);

  it('are the operations of the contracts, no more and no fewer', () => {
    expect([...methods.keys()].toSorted()).toEqual(OPERATIONS.map(({ operation }) => operation).toSorted());
  });

  it.each(OPERATIONS)('$operation: bodies arrive as they were sent', (row) => {
    const method = methods.get(row.operation)!;
    expect(method.responseStream).toBe(row.stream !== undefined);
    for (let index = 0; index < 20; index++) {
      const request = row.request(7, index);
      expect(method.requestDeserialize(method.requestSerialize(request as object))).toEqual(request);
      const handled = row.contract.implement()(row.operation, request, messageOf('', {}, index).envelope);
      if (handled.kind === 'failed') throw new Error(handled.detail);
      const bodies = row.stream ? (handled.body as StreamPlan).items : [handled.body];
      for (const body of bodies) {
        expect(method.responseDeserialize(method.responseSerialize(body as object))).toEqual(body);
      }
    }
  });

  it('tells a status that was left out from any that was given', () => {
    const { requestSerialize, requestDeserialize } = methods.get('updateUser')!;
    const request = { id: 'u-1', email: 'ada@example.com', name: 'Ada' };
    expect(requestDeserialize(requestSerialize(request))).toEqual(request);
  });

  it('says so where the bytes are no such message', () => {
    const { responseDeserialize } = methods.get('createUser')!;
    expect(() => responseDeserialize(Buffer.from('nul'))).toThrow(Error);
    expect(() => responseDeserialize(Buffer.from('null'))).toThrow(Error);
  });
});

it('in JSON the bytes are those that REST sends', () => {
  const request = { email: 'ada@example.com', name: 'Ada, 世界' };
  const method = loadMethods('json').get('createUser')!;
  expect(method.path).toBe(loadMethods('protobuf').get('createUser')!.path);
  expect(method.requestSerialize(request).toString()).toBe(JSON.stringify(request));
});
