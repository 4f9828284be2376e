import type { Failure, SendOptions } from '../../../kernel/transport.ts';
import { ConnectCall } from './call.ts';

/** The calls of one caller, bounded in number, known by their envelopes. */
export interface OpenCalls {
  /** @returns the reason where nothing may be sent */
  begin(envelope: string, signal: SendOptions['signal']): ConnectCall | Failure;
  /** The call with this envelope was put on a connection. */
  readonly sent: (envelope: string) => void;
  end(envelope: string, call: ConnectCall): void;
  /** Ends every open call: the connections are given up. */
  abandon(): void;
}

const CANCELLED = unsent('timeout', 'cancelled before it was sent');

export function createOpenCalls(most: number): OpenCalls {
  const byEnvelope = new Map<string, ConnectCall>();
  const open = new Set<ConnectCall>();
  const tooMany = unsent('refused', `Expected at most ${most} open calls`);
  return {
    begin(envelope, signal) {
      if (signal?.aborted) return CANCELLED;
      if (open.size >= most) return tooMany;
      const call = new ConnectCall(signal);
      // Two calls of one envelope cannot be told apart: no promise is made of either.
      const other = byEnvelope.get(envelope);
      for (const one of other ? [other, call] : []) one.sent();
      byEnvelope.set(envelope, call);
      open.add(call);
      return call;
    },
    sent: (envelope) => byEnvelope.get(envelope)?.sent(),
    end(envelope, call) {
      call.release();
      open.delete(call);
      if (byEnvelope.get(envelope) === call) byEnvelope.delete(envelope);
    },
    abandon() {
      for (const call of open) call.abandon();
    },
  };
}

function unsent(outcome: 'refused' | 'timeout', detail: string): Failure {
  return { kind: 'failure', outcome, noEffect: true, status: 0, detail };
}
