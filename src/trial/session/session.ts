import type { RunningService } from '../../components/service/start-service.ts';
import { faultByName, isHarmful } from '../../faults/faults.ts';
import { NS_PER_MS, type Nanoseconds, nowNs } from '../../kernel/clock.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { onAbort } from '../../kernel/wait.ts';
import { applicationFaultsOn, switchesOn } from '../../plan/fault-window.ts';
import { cutPhases, loadUnder } from '../../plan/kinds/timeline/fault-phases.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';
import type { ServiceTimeline } from '../../plan/service-config.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { FaultRecord } from '../../record/record.ts';
import type { Drive, DrivenSession } from '../drive-parts.ts';
import { everydayFaults } from '../environment/start-services.ts';
import { actorOf } from '../faults/fault-actor.ts';
import { runFault, type Turns } from '../faults/fault-timeline.ts';
import { type Act, actText, type Wish } from './acts.ts';
import { isReplacedBy, whyNot, whyNotLifted } from './refusals.ts';
import { createSteeredLoad, type SteeredLoad } from './steered-load.ts';

/** Time for an order to reach whoever carries it out. */
const LEAD_MS = 100;
/** The session ends by itself so long before its bound, so that what lasts is lifted within it. */
const END_AHEAD_MS = 500;

/** Something that happened, for display: from the start of the load. */
export interface SessionEvent {
  readonly atMs: number;
  readonly text: string;
}

/** A trial whose faults, load and end are decided while it runs. */
export interface LiveSession extends DrivenSession {
  /** The trial as planned, with the faults so far. */
  readonly spec: TrialSpec;
  /** Resolves when the load begins. */
  readonly begun: Promise<{ readonly d: Drive; readonly startNs: Nanoseconds }>;
  /** Aborts when the session has ended, or its trial has. */
  readonly over: AbortSignal;
  readonly events: readonly SessionEvent[];
  /** Every fault so far; what lasts has no end yet. */
  readonly acts: readonly Act[];
  /**
   * Another load, and other policies of an edge, replace those that last.
   * @throws CommbenchError bad-option: it is not possible now, in one sentence
   */
  begin(wish: Wish): void;
  /** Ends this fault, now. @throws CommbenchError bad-option */
  lift(act: Act): void;
  /** Ends every fault, and the load. */
  end(): void;
}

/** @param spec its load is constant, and its length is the bound of the session */
export function openSession(spec: TrialSpec, shards: number): LiveSession {
  return new OpenSession(spec, shards);
}

class OpenSession implements LiveSession {
  readonly spec: TrialSpec;
  readonly acts: Act[] = [];
  readonly events: SessionEvent[] = [];
  readonly begun;
  readonly over: AbortSignal;
  readonly #begun = Promise.withResolvers<{ d: Drive; startNs: Nanoseconds }>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #over = new AbortController();
  readonly #load: SteeredLoad;
  readonly #turns: Turns = new Map();
  readonly #faults: PlannedFault[] = [];
  #running: { readonly d: Drive; readonly startNs: Nanoseconds } | undefined;
  #durationMs: number;
  #error: unknown;

  constructor(spec: TrialSpec, shards: number) {
    this.spec = { ...spec, faults: this.#faults };
    this.#durationMs = spec.load.durationMs;
    this.#load = createSteeredLoad(spec.load.shape, spec.load.durationMs, { seed: spec.seed, shards });
    this.begun = this.#begun.promise;
    this.over = this.#over.signal;
    this.#ended.promise.catch(() => undefined);
  }

  get schedule() {
    return this.#load.schedule;
  }

  async run(d: Drive, startNs: Nanoseconds): Promise<(FaultRecord | null)[]> {
    this.#running = { d, startNs };
    this.#begun.resolve(this.#running);
    using _listener = onAbort(d.signal, () => {
      this.#ended.reject(d.signal.reason);
      this.#over.abort();
    });
    const timer = setTimeout(() => this.end(), this.#durationMs - END_AHEAD_MS);
    try {
      await this.#ended.promise;
      const records = await Promise.all(this.acts.map(({ ended }) => ended));
      if (this.#error !== undefined) throw this.#error;
      return records;
    } catch (cause) {
      if (d.signal.aborted || cause instanceof CommbenchError) throw cause;
      throw new CommbenchError('child-failed', `the fault could not be run: ${(cause as Error).message}`, {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  played(): TrialSpec {
    const { spec } = this;
    const faults = [...this.#faults];
    const durationMs = this.#durationMs;
    return {
      ...spec,
      // Without a fault it has nothing to be compared by.
      kind: faults.length > 0 ? spec.kind : 'latency',
      faults,
      load: {
        ...spec.load,
        shape: loadUnder(spec.load.shape, faults, durationMs),
        durationMs,
        phases: cutPhases(faults.filter(isHarmful), durationMs),
      },
    };
  }

  begin(wish: Wish): void {
    const { d, startNs } = this.#now();
    const replaced = this.acts.find((act) => act.state === 'lasting' && isReplacedBy(act.planned, wish));
    // What is replaced lasts for a moment, at least.
    const atMs = Math.max(this.#soonMs(wish), (replaced?.planned.atMs ?? -1) + 1);
    const why = whyNot(wish, atMs, this);
    if (why !== undefined) throw notNow(why);
    const planned = this.#placed(wish, atMs);
    if (replaced) this.#liftAt(replaced, atMs);
    const actor = actorOf(planned, d);
    const whole = Promise.withResolvers<PlannedFault>();
    const running = { startNs, signal: d.signal, turns: this.#turns, whole: whole.promise };
    const ended = actor ? runFault(planned, actor, running) : whole.promise.then(() => null);
    const act: Act = { planned, state: 'lasting', finish: whole.resolve, ended };
    this.acts.push(act);
    this.#faults.push(planned);
    void ended.then(
      (record) => this.#isOver(act, record),
      (error: unknown) => this.#fail(error),
    );
    this.#note(planned.atMs, actText(planned));
    this.#order(planned);
  }

  lift(act: Act): void {
    this.#now();
    const why = whyNotLifted(act, this);
    if (why !== undefined) throw notNow(why);
    this.#liftAt(act, this.#soonMs(act.planned));
    this.#order(act.planned);
  }

  end(): void {
    if (this.#over.signal.aborted) return;
    this.#now();
    // What began last lasts for a moment.
    const begunMs = Math.max(0, ...this.acts.map(({ planned }) => planned.atMs));
    this.#durationMs = Math.max(this.#load.soonestMs(this.#sinceMs()), begunMs + 1);
    const lasting = this.acts.filter(({ state }) => state === 'lasting');
    for (const act of lasting) this.#liftAt(act, this.#durationMs);
    for (const { planned } of lasting) this.#order(planned);
    this.#steer();
    this.#note(this.#durationMs, 'end of the load');
    this.#over.abort();
    this.#ended.resolve();
  }

  #now() {
    if (!this.#running) throw notNow('The load has not begun yet');
    if (this.#over.signal.aborted) throw notNow('The session has ended');
    return this.#running;
  }

  #sinceMs(): number {
    return (nowNs() - this.#running!.startNs) / NS_PER_MS;
  }

  #soonMs({ do: name }: Pick<Wish, 'do'>): number {
    if (faultByName(name).layer === 'load') return this.#load.soonestMs(this.#sinceMs());
    return Math.max(0, Math.ceil(this.#sinceMs() + LEAD_MS));
  }

  /** Ends the load at once; the trial then fails. */
  #fail(error: unknown): void {
    this.#error ??= error;
    if (!this.#over.signal.aborted) this.end();
  }

  /** Ids are as the plan of a scenario numbers them, so that the same messages are struck again. */
  #placed({ do: name, on, options }: Wish, atMs: number): PlannedFault {
    const before = this.acts.filter(({ planned }) => planned.do === name).length;
    const id = before === 0 ? name : `${name}-${before + 1}`;
    return { id, do: name, on, atMs, forMs: this.#durationMs - atMs, options };
  }

  #liftAt(act: Act, atMs: number): void {
    if (act.state !== 'lasting') return;
    const { planned } = act;
    act.state = 'lifting';
    act.planned = { ...planned, forMs: Math.max(1, atMs - planned.atMs) };
    this.#faults[this.acts.indexOf(act)] = act.planned;
    act.finish(act.planned);
  }

  #isOver(act: Act, record: FaultRecord | null): void {
    act.state = 'over';
    const { atMs, forMs, on, do: name } = act.planned;
    const endMs = atMs + forMs;
    const fault = faultByName(name);
    const restartMs = record?.readyNs == null ? 0 : record.readyNs / NS_PER_MS - endMs;
    // What replaced it was said already.
    if (this.acts.some(({ planned }) => planned.atMs === endMs && isReplacedBy(act.planned, planned))) return;
    const isBack = fault.layer === 'process' && fault.restarts;
    this.#note(
      endMs,
      isBack
        ? `${on} is back, ready after ${(restartMs / 1000).toFixed(2)} s`
        : `${actText(act.planned)}: over`,
    );
  }

  #note(atMs: number, text: string): void {
    this.events.push({ atMs, text });
  }

  /** Orders a changed timeline from those who carry it out by their own clocks. */
  #order({ do: name, on }: PlannedFault): void {
    const { layer } = faultByName(name);
    if (layer === 'load') this.#steer();
    else if (layer === 'application') this.#follow(on);
    else if (layer === 'policy') this.#follow(this.#callerOf(on));
  }

  #steer(): void {
    const load = loadUnder(this.spec.load.shape, this.#faults, this.#durationMs);
    this.#load.steer(load, this.#durationMs);
    this.#running!.d.generator.order({ type: 'steer', load, durationMs: this.#durationMs });
  }

  #callerOf(edge: string): string {
    const { services, edges } = this.spec.system.topology!;
    return services[edges.find(({ id }) => id === edge)!.from]!.id;
  }

  #follow(service: string): void {
    const timeline = this.#timelineOf(service);
    const { components, signal } = this.#running!.d;
    const own = components.filter(({ kind, name }) => kind === 'service' && name.split('/')[0] === service);
    const followed = Promise.all(own.map((one) => (one as RunningService).follow(timeline)));
    followed.catch((error: unknown) => signal.aborted || this.#fail(error));
  }

  #timelineOf(service: string): ServiceTimeline {
    const { topology } = this.spec.system;
    const at = topology?.services.findIndex(({ id }) => id === service) ?? -1;
    const edges = topology?.edges.filter(({ from }) => from === at) ?? [];
    return {
      loadStartNs: this.#running!.startNs,
      faults: [
        ...applicationFaultsOn(service, this.#faults, this.schedule),
        ...everydayFaults(topology?.services[at]?.errorShare ?? 0),
      ],
      switches: Object.fromEntries(
        edges.map(({ id }) => [id, switchesOn(id, this.#faults, topology!.stacks)]),
      ),
    };
  }
}

function notNow(message: string): CommbenchError {
  return new CommbenchError('bad-option', message);
}
