import { faultByName } from '../../faults/faults.ts';
import { nowNs } from '../../kernel/clock.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { firstRate } from '../../kernel/load-shape.ts';
import { onAbort } from '../../kernel/wait.ts';
import { openHopReader } from '../../measure/logs/hop-log.ts';
import { type PolicySpec, policyByName } from '../../policies/policies.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { aimsIn } from '../../trial/session/refusals.ts';
import { type Act, actText } from '../../trial/session/acts.ts';
import type { LiveSession, SessionEvent } from '../../trial/session/session.ts';
import { type BreakerState, type SessionFigures, SessionWatch } from '../../trial/session/session-figures.ts';
import type { Intent } from './grammar.ts';

const EVERY_MS = 200;

/** What never changes in a session. */
interface LivePlanView {
  readonly title: string;
  readonly services: readonly string[];
  readonly brokers: readonly string[];
  readonly edges: readonly {
    readonly id: string;
    readonly from: number;
    readonly to: number;
    readonly transport: string;
  }[];
  /** Stacks that an edge may be switched to, by name. */
  readonly stacks: readonly string[];
  readonly deadlineMs: number;
}

/** One moment of a session, as it is shown. */
export interface Moment extends Pick<
  SessionFigures,
  'atMs' | 'duePerS' | 'goodputPerS' | 'p50Ms' | 'slowestMs' | 'backlog'
> {
  readonly leftMs: number;
  readonly ratePerS: number;
  readonly factor: number;
  /** The highest of any service, and which; null: too few calls. */
  readonly amplification: { readonly of: number; readonly on: string } | null;
  /** Services, then brokers. */
  readonly parts: readonly PartView[];
  readonly edges: readonly EdgeView[];
  /** Faults that last, in words. */
  readonly lasting: readonly string[];
  readonly isOver: boolean;
}

interface PartView {
  readonly name: string;
  /** `killed`; null: as usual. */
  readonly state: string | null;
  readonly donePerS: number | null;
  readonly amplification: number | null;
}

interface EdgeView {
  readonly attemptsPerS: number;
  readonly failedPerS: number;
  readonly rejectedPerS: number;
  /** Names of its policies now. */
  readonly policies: readonly string[];
  /** How they were chosen: `own`, `none`, or the names of stacks. */
  readonly use: string;
  /** null: no breaker among them. */
  readonly breaker: BreakerState | null;
}

/** A session as keys, page and scripts see it. Disposing ends the figures. */
export interface Desk extends Disposable {
  readonly plan: LivePlanView;
  readonly session: LiveSession;
  /**
   * Carries out a line.
   * @returns what it does, in words
   * @throws CommbenchError bad-option: not possible now
   */
  act(intent: Intent): string;
  /** Called with each moment, and with what happened since the last one. Returns how to stop. */
  watch(listener: (moment: Moment, news: readonly SessionEvent[]) => void): () => void;
  /** Resolves when the breaker of an edge is in this state, or was since the call. */
  until(edge: string, state: string): Promise<void>;
}

/** @param begun the trial, whose load has begun */
export function openDesk(
  session: LiveSession,
  begun: Awaited<LiveSession['begun']>,
  scenario: Scenario,
): Desk {
  return new LiveDesk(session, begun, scenario);
}

type Listener = Parameters<Desk['watch']>[0];

class LiveDesk implements Desk {
  readonly plan: LivePlanView;
  readonly session: LiveSession;
  readonly #watch: SessionWatch;
  readonly #listeners = new Set<Listener>();
  readonly #resources = new DisposableStack();
  readonly #begun: Awaited<LiveSession['begun']>;
  #events = 0;
  #transitions = 0;
  #figures: SessionFigures;

  constructor(session: LiveSession, begun: Awaited<LiveSession['begun']>, { title, policies }: Scenario) {
    const { d, startNs } = begun;
    const { spec } = session;
    const readers = d.hopLogs.map((file) => this.#resources.use(openHopReader(file)));
    this.session = session;
    this.#begun = begun;
    this.#watch = new SessionWatch({
      spec,
      startNs,
      schedule: session.schedule,
      effects: d.collector.effects,
      hopEvents: () => readers.flatMap((reader) => reader.read()),
    });
    const { process: parts, application: services } = aimsIn(spec);
    this.plan = {
      title,
      services,
      brokers: parts.slice(services.length),
      edges: (spec.system.topology?.edges ?? []).map(({ id, from, to, transport }) => ({
        id,
        from,
        to,
        transport,
      })),
      stacks: Object.keys(policies),
      deadlineMs: spec.load.deadlineMs,
    };
    this.#figures = this.#watch.at(nowNs());
    const timer = setInterval(() => this.#tick(), EVERY_MS);
    this.#resources.defer(() => clearInterval(timer));
    // Then the effect log is closed.
    this.#resources.use(onAbort(d.signal, () => clearInterval(timer)));
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  act(intent: Intent): string {
    switch (intent.kind) {
      case 'end':
        this.session.end();
        return 'ending: what lasts is lifted, what is open is waited for';
      case 'heal':
        return this.#heal(intent.on);
      case 'policies':
        return this.#switch(intent.edge, intent.use);
      case 'fault':
        return this.#begin(intent);
      default:
        throw refused(`${intent.kind} is for scripts`);
    }
  }

  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async until(edge: string, state: string): Promise<void> {
    const at = this.plan.edges.findIndex(({ id }) => id === edge);
    if (at < 0) throw refused(`There is no edge ${edge}`);
    const seen = this.#watch.transitions.length;
    const isSo = () =>
      this.#moment().edges[at]!.breaker === state ||
      this.#watch.transitions.slice(seen).some((change) => change.edge === at && change.state === state);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = this.watch(() => {
      if (isSo()) resolve();
    });
    // No moment comes after a trial that failed.
    using _over = onAbort(this.session.over, () =>
      reject(refused(`The session ended before ${edge} was ${state}`)),
    );
    if (isSo()) resolve();
    await promise.finally(stop);
  }

  #begin({ do: name, on, options }: Extract<Intent, { kind: 'fault' }>): string {
    const { session } = this;
    const fault = faultByName(name);
    const parsed = fault.options.safeParse(options);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw refused(`${name}: ${[...(issue?.path ?? []), issue?.message].join(' ')}`);
    }
    const aims = aimsIn(session.spec)[fault.layer];
    const target = fault.layer === 'load' ? '' : (on ?? (aims.length === 1 ? aims[0] : undefined));
    if (target === undefined) throw refused(`${name} needs a target: ${aims.join(', ') || 'there is none'}`);
    const wish = { do: name, on: target, options: parsed.data as Readonly<Record<string, unknown>> };
    if (fault.layer === 'load' && wish.options['factor'] === 1) return this.#usualLoad();
    session.begin(wish);
    return actText({ ...wish, id: name, atMs: 0, forMs: 0 });
  }

  #usualLoad(): string {
    for (const act of this.#lasting('load')) this.session.lift(act);
    return 'load ×1';
  }

  #heal(on: string | undefined): string {
    const { session } = this;
    const healable = ['application', 'connection', 'process'] as const;
    const acts = healable
      .flatMap((layer) => this.#lasting(layer))
      .filter(({ planned }) => on === undefined || planned.on === on);
    if (acts.length === 0)
      throw refused(on === undefined ? 'There is nothing to heal' : `There is nothing to heal of ${on}`);
    for (const act of acts) session.lift(act);
    return `healing: ${acts.map(({ planned }) => actText(planned)).join(', ')}`;
  }

  #switch(edge: string, use: 'own' | readonly string[]): string {
    const lasting = this.#lasting('policy').find(({ planned }) => planned.on === edge);
    if (use !== 'own') {
      const unknown = use.find(
        (name) => !Object.hasOwn(this.session.spec.system.topology?.stacks ?? {}, name),
      );
      if (unknown !== undefined)
        throw refused(`There is no stack ${unknown}: ${this.plan.stacks.join(', ')}`);
      this.session.begin({ do: 'policies', on: edge, options: { use: [...use] } });
      return `${edge}: policies ${use.join(', ') || 'none'}`;
    }
    if (!lasting) throw refused(`${edge} has its own policies`);
    this.session.lift(lasting);
    return `${edge}: its own policies`;
  }

  #lasting(layer: string): Act[] {
    return this.session.acts.filter(
      ({ state, planned }) => state === 'lasting' && faultByName(planned.do).layer === layer,
    );
  }

  #tick(): void {
    this.#begun.d.collector.refresh();
    this.#figures = this.#watch.at(nowNs());
    const moment = this.#moment();
    const news = this.#news();
    for (const listener of this.#listeners) listener(moment, news);
  }

  #news(): SessionEvent[] {
    const { events } = this.session;
    const changes = this.#watch.transitions.slice(this.#transitions).map(({ edge, state, atMs, cause }) => {
      return { atMs, text: `${this.plan.edges[edge]!.id}: breaker ${state} (${cause})` };
    });
    const own = events.slice(this.#events);
    this.#events = events.length;
    this.#transitions = this.#watch.transitions.length;
    return [...own, ...changes].toSorted((a, b) => a.atMs - b.atMs);
  }

  #moment(): Moment {
    const { atMs, duePerS, goodputPerS, p50Ms, slowestMs, backlog, services } = this.#figures;
    const { load } = this.session.spec;
    const factor = this.#lasting('load').reduce(
      (product, { planned }) => product * Number(planned.options['factor']),
      1,
    );
    const names = [...this.plan.services, ...this.plan.brokers];
    const parts = names.map((name, i): PartView => {
      const known = services[i];
      return {
        name,
        state: this.#stateOf(name),
        donePerS: known?.donePerS ?? null,
        amplification: known?.amplification ?? null,
      };
    });
    const known = parts.flatMap(({ name, amplification }) =>
      amplification === null ? [] : [{ of: amplification, on: name }],
    );
    return {
      atMs,
      duePerS,
      goodputPerS,
      p50Ms,
      slowestMs,
      backlog,
      leftMs: Math.max(0, load.durationMs - atMs),
      ratePerS: firstRate(load.shape) * factor,
      factor,
      amplification: known.toSorted((a, b) => b.of - a.of)[0] ?? null,
      parts,
      edges: this.plan.edges.map((_, i) => this.#edgeAt(i)),
      lasting: this.session.acts
        .filter(({ state }) => state === 'lasting')
        .map(({ planned }) => actText(planned)),
      isOver: this.session.over.aborted,
    };
  }

  #stateOf(name: string): string | null {
    const on = this.session.acts.filter(({ planned, state }) => state !== 'over' && planned.on === name);
    const texts = on.map(({ planned, state }) =>
      state === 'lifting' ? 'coming back' : faultByName(planned.do).state,
    );
    return texts.length === 0 ? null : texts.join(', ');
  }

  #edgeAt(edge: number): EdgeView {
    const { attemptsPerS, failedPerS, rejectedPerS } = this.#figures.edges[edge]!;
    const { id } = this.plan.edges[edge]!;
    const { stacks, edges } = this.session.spec.system.topology!;
    const switched = this.session.acts.filter(
      ({ planned }) => planned.do === 'policies' && planned.on === id,
    );
    const now = switched.find(({ state }) => state === 'lasting');
    const use = now && (now.planned.options['use'] as string[]);
    const specs: readonly PolicySpec[] = use?.flatMap((name) => stacks[name] ?? []) ?? edges[edge]!.policies;
    // The edge's own stack keeps its state while another one is used; one that was switched on has seen nothing yet.
    const isOfUsed = (atMs: number) =>
      now
        ? atMs >= now.planned.atMs
        : !switched.some(({ planned }) => planned.atMs <= atMs && atMs < planned.atMs + planned.forMs);
    const last = this.#watch.transitions.findLast((one) => one.edge === edge && isOfUsed(one.atMs));
    const hasBreaker = specs.some(({ policy }) => policyByName(policy).isBreaker);
    return {
      attemptsPerS,
      failedPerS,
      rejectedPerS,
      policies: specs.map(({ policy }) => policy),
      use: use ? use.join(' ') || 'none' : 'own',
      breaker: hasBreaker ? (last?.state ?? 'closed') : null,
    };
  }
}

function refused(message: string): CommbenchError {
  return new CommbenchError('bad-option', message);
}
