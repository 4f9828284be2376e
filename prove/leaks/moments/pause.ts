import { setTimeout as sleep } from 'node:timers/promises';
import { expectIn, expectState, FIRST_LOAD, meet, type Moment, scenarioOf } from './moment.ts';

const CTRL_Z = '\x1a';
/** What bash says of a command that Ctrl-Z stopped: 128 + SIGTSTP. */
const STOPPED = 148;

/**
 * In a terminal of its own, a shell with job control: Ctrl-Z reaches the whole foreground group, and after a while the
 * shell continues it, as a person does by `fg`.
 */
function inTerminal(pauseS: number) {
  return (command: readonly string[]): readonly string[] => {
    const quoted = command.map((word) => `'${word}'`).join(' ');
    const script = `${quoted}; c=$?; if [ $c = ${STOPPED} ]; then sleep ${pauseS}; fg; c=$?; fi; exit $c`;
    return ['script', '-qfec', `bash -mc "${script.replaceAll('$', '\\$')}"`, '/dev/null'];
  };
}

function pause(id: string, pauseS: number, begins: RegExp, isInLoad: boolean): Moment {
  return {
    id,
    run: (ground) =>
      meet(
        id,
        {
          scenario: scenarioOf('queue'),
          begins,
          afterMs: 500,
          wrap: inTerminal(pauseS),
          async act(run) {
            run.child.stdin!.write(CTRL_Z);
            await sleep(pauseS * 1000);
          },
          // A connection of ours may be lost in a pause after the load: the trial then fails, and says so.
          ends: isInLoad ? [0] : [0, 3],
          check: ({ result, trials }) => [
            ...(result?.state === 'incomplete' && !isInLoad
              ? expectIn(trials, /the broker closed the connection/, 'the trials')
              : expectState(result, 'complete')),
            ...(isInLoad
              ? expectIn(trials.slice(0, 1), /commbench itself stood still for/, 'the first trial')
              : []),
            ...(trials[1]?.includes('itself stood still') ? ['the second trial is marked, too'] : []),
          ],
        },
        ground,
      ),
  };
}

export const moments: readonly Moment[] = [
  pause('pause 2 s, measuring', 2, FIRST_LOAD, true),
  // Past every bound of the trial's waits: what came meanwhile is read before they are over.
  pause('pause 40 s, measuring', 40, FIRST_LOAD, true),
  pause('pause 3 s, warming up', 3, /^ {2}warm-up/gm, false),
  pause('pause 15 s, draining', 15, /^ {2}draining/gm, false),
];
