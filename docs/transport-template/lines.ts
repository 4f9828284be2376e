import type { Socket } from 'node:net';
import type { Handled } from '../../kernel/contract.ts';

/** What travels: numbered, so that replies may come in any order. */
export interface RequestLine {
  readonly id: number;
  readonly operation: string;
  /** The envelope as text: header, property or, as here, a field. It must travel with every message. */
  readonly envelope: string;
  readonly body: unknown;
}

export interface ReplyLine {
  readonly id: number;
  readonly handled: Handled;
}

/** Hands on every whole line as JSON; a line that is too long or no JSON ends the connection. */
export function readLines(socket: Socket, maxBytes: number, onLine: (line: unknown) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    try {
      for (const line of lines) onLine(JSON.parse(line));
    } catch (error) {
      socket.destroy(error as Error);
    }
    if (rest.length > maxBytes) socket.destroy();
  });
}

export function writeLine(socket: Socket, line: RequestLine | ReplyLine): void {
  socket.write(`${JSON.stringify(line)}\n`);
}
