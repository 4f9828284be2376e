/** A lane's signals to its source. */
export interface Flow {
  full(): void;
  room(): void;
}

/** Number of waiting items at which the source is paused; it resumes at the lower one. */
const FULL_AT = 1000;
const ROOM_AT = 100;

/**
 * One lane per partition: the work of a lane is done one after another, the lanes work side by side.
 * @param work of one item; never rejects
 */
export function createKafkaLanes<Item>(work: (item: Item) => Promise<void>, flow: Flow) {
  const lanes = new Map<number, Promise<void>>();
  let waiting = 0;
  let full = false;
  let stopped = false;

  const step = async (item: Item): Promise<void> => {
    if (!stopped) await work(item);
    waiting--;
    if (!full || waiting > ROOM_AT || stopped) return;
    full = false;
    flow.room();
  };
  return {
    put(lane: number, item: Item): void {
      waiting++;
      lanes.set(
        lane,
        (lanes.get(lane) ?? Promise.resolve()).then(() => step(item)),
      );
      if (full || waiting < FULL_AT) return;
      full = true;
      flow.full();
    },
    /** Begins nothing more, and settles when the work in progress is done. */
    async stop(): Promise<void> {
      stopped = true;
      await Promise.all(lanes.values());
    },
  };
}
