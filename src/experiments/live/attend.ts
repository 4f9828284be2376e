import type { Context } from '../../commands/terminal/context.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { Progress } from '../../trial/progress.ts';
import type { LiveSession, SessionEvent } from '../../trial/session/session.ts';
import { type Moment, openDesk } from './desk.ts';
import { createKeyBoard, type KeyBoard, KEYS_TEXT, readKeys } from './keys.ts';
import { openPage } from './page.ts';
import { type Lines, playScript } from './script.ts';

/** Who may act in a session, and who sees it. */
export interface Audience {
  readonly context: Context;
  readonly scenario: Scenario;
  /** Port of the page, 0: a free one; absent: there is no page. */
  readonly port: number | undefined;
  /** Absent: nobody reads from a script. */
  readonly script: Lines | undefined;
}

/**
 * Connects keys, page and script to a session, once its load begins.
 * @throws CommbenchError port-taken
 */
export async function attendSession(
  session: LiveSession,
  progress: Progress,
  { context, scenario, port, script }: Audience,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const sitting = stack.use(new DisposableStack());
  const print = (text: string) => progress.line(text);
  const lost = () => print('The page was closed; the session goes on.');
  const page = port === undefined ? undefined : stack.use(await openPage(port, lost));
  if (page) print(`Open ${page.url}`);
  const begun = session.begun.then((parts) => {
    const desk = sitting.use(openDesk(session, parts, scenario));
    let last: Moment | undefined;
    const board = hasKeys(context) ? createKeyBoard(desk, () => last) : undefined;
    desk.watch((moment, news) => {
      last = moment;
      for (const event of news) print(eventText(event));
      if (board) progress.phase({ name: lineOf(moment, board), secondsLeft: moment.leftMs / 1000 });
    });
    page?.attend(desk);
    if (board) {
      print(KEYS_TEXT);
      sitting.use(readKeys(process.stdin, desk, { board, print }));
    }
    return script && playScript(desk, script, print);
  });
  begun.catch(() => session.end());
  stack.defer(() => page?.end('The session has ended; its result is in the terminal.'));
  const owned = stack.move();
  return {
    async [Symbol.asyncDispose]() {
      await owned.disposeAsync();
      if (session.over.aborted) await begun;
    },
  };
}

/** Whether a person sits at the terminal. */
export function hasKeys({ stderr }: Context): boolean {
  return process.stdin.isTTY && stderr.isTTY;
}

/** `  12.3 s  payments killed`. */
function eventText({ atMs, text }: SessionEvent): string {
  return `${(atMs / 1000).toFixed(1).padStart(6)} s  ${text}`;
}

/** The figures of a moment, in a line. */
function lineOf(moment: Moment, board: Pick<KeyBoard, 'part'>): string {
  const { goodputPerS, duePerS, p50Ms, slowestMs, backlog, amplification, parts, edges } = moment;
  const ms = (value: number | null) => (value === null ? '–' : value.toFixed(value < 10 ? 1 : 0));
  const breakers = edges.flatMap(({ breaker }) =>
    breaker === null || breaker === 'closed' ? [] : [`breaker ${breaker}`],
  );
  const states = parts.flatMap(({ name, state }) => (state === null ? [] : [`${name} ${state}`]));
  return [
    `good ${goodputPerS} of ${duePerS}/s`,
    `p50 ${ms(p50Ms)} slowest ${ms(slowestMs)} ms`,
    `backlog ${backlog}`,
    ...(amplification ? [`×${amplification.of.toFixed(1)} at ${amplification.on}`] : []),
    ...states,
    ...breakers,
    `[${board.part}]`,
  ].join(' · ');
}
