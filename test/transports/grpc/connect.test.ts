import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { contractByName } from '../../../src/contracts/contracts.ts';
import type { StreamPlan } from '../../../src/kernel/contract.ts';
import { bodyCodecOf } from '../../../src/transports/grpc/connect/bodies.ts';
import { describeMethods } from '../../../src/transports/grpc/connect/descriptors.ts';
import { failureOfConnect } from '../../../src/transports/grpc/connect/errors.ts';
import { loadMethods } from '../../../src/transports/grpc/methods.ts';
import { grpcOptionsSchema } from '../../../src/transports/grpc/options.ts';
import { messageOf } from './grpc-bench.ts';

const methods = describeMethods();
const others = loadMethods('protobuf');
const OPERATIONS = ['users', 'echo', 'null'].flatMap((name) => {
  const contract = contractByName(name);
  return Object.entries(contract.operations).map(([operation, { request, stream }]) => {
    return { contract, operation, request, stream };
  });
});

type Desc = Parameters<typeof bodyCodecOf>[0];

function written(desc: Desc, body: unknown): Buffer {
  return Buffer.from(toBinary(desc, bodyCodecOf(desc).toMessage(body)));
}

function read(desc: Desc, bytes: Buffer): unknown {
  return bodyCodecOf(desc).toBody(fromBinary(desc, bytes));
}

describe('bodies of Connect', () => {
  it('are of the operations of the contracts, no more and no fewer', () => {
    expect([...methods.keys()].toSorted()).toEqual(OPERATIONS.map(({ operation }) => operation).toSorted());
  });

  it.each(OPERATIONS)('$operation: either library reads what the other one wrote', (row) => {
    const { input, output } = methods.get(row.operation)!;
    const other = others.get(row.operation)!;
    for (let index = 0; index < 20; index++) {
      const request = row.request(7, index) as object;
      expect(read(input, other.requestSerialize(request))).toEqual(request);
      expect(other.requestDeserialize(written(input, request))).toEqual(request);
      const handled = row.contract.implement()(row.operation, request, messageOf('', {}, index).envelope);
      if (handled.kind === 'failed') throw new Error(handled.detail);
      for (const body of row.stream ? (handled.body as StreamPlan).items : [handled.body]) {
        expect(read(output, other.responseSerialize(body as object))).toEqual(body);
        expect(other.responseDeserialize(written(output, body))).toEqual(body);
      }
    }
  });

  it('tell a status that was left out from any that was given', () => {
    const { input } = methods.get('updateUser')!;
    const request = { id: 'u-1', email: 'ada@example.com', name: 'Ada' };
    for (const one of [request, { ...request, status: 'UNKNOWN' }])
      expect(read(input, written(input, one))).toEqual(one);
  });

  it('are none of what is no object, or has another value of an enum', () => {
    const { input, output } = methods.get('updateUser')!;
    for (const body of [null, 'text', 7])
      expect(() => bodyCodecOf(output).toMessage(body)).toThrow('user.User');
    expect(() => bodyCodecOf(input).toMessage({ status: 'ASLEEP' })).toThrow('ASLEEP');
  });
});

describe('what a caller knows of a call by Connect that failed', () => {
  it('nothing happened where it was put on no connection', () => {
    expect(failureOfConnect(new Error('connect ECONNREFUSED'), false)).toMatchObject({
      outcome: 'refused',
      noEffect: true,
    });
  });

  it('no promise where it was', () => {
    expect(failureOfConnect(new Error('read ECONNRESET'), true)).toMatchObject({
      outcome: 'connection-lost',
      noEffect: false,
    });
  });
});

describe('options that do not fit together', () => {
  it.each([
    [{ client: 'connect', retry: {} }, 'retry needs client grpc-js'],
    [{ client: 'connect', encoding: 'json' }, 'one library as client and host'],
  ])('%j', (given, problem) => {
    const { error } = grpcOptionsSchema.safeParse(given);
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(problem)]);
  });
});
