import { fireDue, isOver, type Pace } from './pace.ts';

/** Wakes every millisecond, the finest that the event loop's timers can, and starts what is due by then. */
export const timerPace: Pace = (load, signal) =>
  new Promise((resolve) => {
    let next = 0;
    const turn = (): void => {
      next = fireDue(load, next);
      if (isOver(load, next) || signal.aborted) resolve();
      else setTimeout(turn, 1);
    };
    turn();
  });
