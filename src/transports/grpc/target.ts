import { existsSync } from 'node:fs';
import { z } from 'zod';
import { hasHole, parseValue, templateProblems } from '../../kernel/text-template.ts';
import type { TargetSupport } from '../../kernel/transport.ts';
import type { GrpcOptions } from './options.ts';

const targetSchema = z
  .strictObject({
    proto: z
      .string()
      .min(1)
      .max(4000)
      .optional()
      .describe(
        "the .proto file of the method, relative to the scenario's folder; imports are searched in its folder and those above",
      ),
    include: z
      .array(z.string().min(1).max(4000))
      .max(50)
      .optional()
      .describe("further folders for the imports of `proto`, relative to the scenario's folder"),
    reflection: z
      .boolean()
      .default(false)
      .describe(
        'read the method from the target itself, which must serve grpc.reflection, in place of `proto`',
      ),
    method: z
      .string()
      .regex(/^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/, 'package.Service/Method')
      .describe('a method that takes one message: package.Service/Method'),
    message: z
      .record(z.string(), z.json())
      .default({})
      .describe('with {{holes}}; fields as the .proto names them, enums by name, bytes as base64'),
    metadata: z
      .record(z.string().regex(/^[a-z0-9_.-]{1,200}$/, 'the name of a metadata entry'), z.string().max(8000))
      .default({})
      .describe('sent with every call; values may have {{holes}}'),
  })
  .refine(({ proto, reflection }) => (proto !== undefined) !== reflection, {
    message: 'Give either `proto: FILE` or `reflection: true`',
  });
export type GrpcTarget = z.infer<typeof targetSchema>;

/** A gRPC server of the user's own: methods of it that take one message, done when their status is OK. */
export const grpcTarget: TargetSupport<GrpcOptions, GrpcTarget> = {
  settings: targetSchema,
  streams: true,
  takes: 'body',
  alpn: () => ['h2'],
  credentials: "metadata: { authorization: 'Bearer {{env TOKEN}}' }",
  problems: async (settings, interaction) =>
    settings.proto === undefined ? [] : protoProblems(settings.proto, settings, interaction),
  acknowledgedBy: () => 'the target, by the status OK',
  fairness: ({ channels, reconnectMinMs, reconnectMaxMs, retry }, _url, { method, reflection }) => ({
    requests: `${method}, ${reflection ? 'described by the target itself' : 'described by a .proto file'}`,
    protocol: 'gRPC over HTTP/2, @grpc/grpc-js as the client',
    connections: `${channels}, kept open; all calls of a channel share its one connection`,
    encoding: 'Protocol Buffers',
    noDelay: 'in the client; unknown for the target',
    retries: retry
      ? `up to ${retry.attempts} attempts by the library itself on ${retry.codes.join(', ')}`
      : "none, the library's transparent ones included: a lost reply stays unknown",
    reconnecting: `after ${reconnectMinMs} to ${reconnectMaxMs} ms (library: 1 s, growing to 120 s), calls are refused meanwhile`,
  }),
};

type Found = Awaited<ReturnType<TargetSupport['problems'] & {}>>[number];

async function protoProblems(
  proto: string,
  { include, method, message }: GrpcTarget,
  interaction: string,
): Promise<Found[]> {
  if (!existsSync(proto)) {
    return [{ path: ['proto'], message: `${proto}: file not found` }];
  }
  const { methodNamed, methodsOfProto } = await import('./target-methods.ts');
  const { sampleProblems } = await import('./target-message.ts');
  try {
    const found = methodNamed(methodsOfProto(proto, include), method, interaction);
    if ('problem' in found) return [{ path: ['method'], message: found.problem }];
    // Values from the environment are checked when they are inserted.
    if (hasHole(message, 'env') || templateProblems(message).length > 0) return [];
    const problems = sampleProblems(found.method, parseValue(message, 0));
    return problems.map((problem) => ({ ...problem, path: ['message', ...problem.path] }));
  } catch (error) {
    const why = `Expected a .proto file that can be read, found ${(error as Error).message}. \`include\` names folders of imports, \`reflection: true\` asks the server itself`;
    return [{ path: ['proto'], message: why }];
  }
}
