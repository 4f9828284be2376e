import { z } from 'zod';

/** Of proto/commbench.proto: an empty message, answered with the same. */
export const GRPC_METHOD = 'commbench.Bench/Nothing';
export const GRPC_PROTO = `syntax = "proto3";
package commbench;
service Bench { rpc Nothing(NothingMessage) returns (NothingMessage); }
message NothingMessage {}
`;

/** What one referee process is to be, for one turn of one tool. */
export const refereeSettingsSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  mark: z.string(),
  socketPath: z.string(),
  protocol: z.enum(['http', 'grpc']),
  /** Each answer is held so long. */
  processingMs: z.number().min(0),
  /** It stands still once so long, from `freezeAtMs` after the first arrival; 0: never. */
  freezeMs: z.number().min(0),
  freezeAtMs: z.number().min(0),
  /** The instants of all arrivals, then how long each answer was held: numbers of 8 bytes, in ms. */
  stampsPath: z.string(),
});
export type RefereeSettings = z.infer<typeof refereeSettingsSchema>;

export type RefereeLine =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  | { readonly type: 'ready'; readonly port: number }
  | {
      readonly type: 'reported';
      /** Numbers in the file: arrivals, and then holds. */
      readonly arrivals: number;
      readonly holds: number;
      /** Null: it never stood still. */
      readonly frozenMs: number | null;
      /** Of itself, so far. */
      readonly cpuUs: number;
    }
  | { readonly type: 'failed'; readonly message: string };

export interface RefereeOrder {
  readonly type: 'report';
}
