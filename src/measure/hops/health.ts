import { NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import {
  HEALTHY_SHARE,
  type HealthWindow,
  RECOVERED_WINDOWS,
  WINDOW_ARRIVALS,
  type EndpointFigures,
  type Hops,
} from './hop-figures.ts';

/**
 * Verdicts on a fault from health windows and timelines (DESIGN 5): pure functions of the result, for reports and
 * claims. Instants in ns from the start of the measured load. A window belongs to a span that it touches; one shorter
 * than `WINDOW_ARRIVALS` is not evaluated.
 */

export interface Span {
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** Number of unhealthy windows that are harm: a single one may be caused by this machine ... */
const HARM_WINDOWS = 2;
/** ... unless less than this share of it was healthy. */
const BROKEN_SHARE = 0.5;
/** Where a service's log does not say: a breaker's act within this time after a fault is attributed to the fault. */
const FALSE_OPEN_MARGIN_NS = 1 * NS_PER_S;

export function isHealthy({ planned, healthy }: HealthWindow): boolean {
  return healthy >= HEALTHY_SHARE * planned;
}

function longEnough(windows: readonly HealthWindow[]): HealthWindow[] {
  return windows.filter(({ planned }) => planned >= WINDOW_ARRIVALS);
}

function within(windows: readonly HealthWindow[], { fromNs, toNs }: Span): HealthWindow[] {
  return longEnough(windows).filter((window) => window.toNs >= fromNs && window.fromNs < toNs);
}

function unhealthy(windows: readonly HealthWindow[]): HealthWindow[] {
  return windows.filter((window) => !isHealthy(window));
}

/** @param besides number of unhealthy windows without the fault */
function isHarm(windows: readonly HealthWindow[], besides = 0): boolean {
  const found = unhealthy(windows);
  const beyond = found.length - besides;
  const isBroken = ({ healthy, planned }: HealthWindow) => healthy < BROKEN_SHARE * planned;
  return beyond >= HARM_WINDOWS || (beyond > 0 && found.some(isBroken));
}

/** Time to a window's begin. */
export interface Since {
  readonly afterNs: Nanoseconds;
  /** Length of that window: events within it, or in the previous one, are not distinguished. */
  readonly windowNs: Nanoseconds;
}

export type Recovery =
  /** Too few arrivals since the fault began for a single window: unknown. */
  | { readonly state: 'unjudged' }
  /** No harm since the fault began: not more than one unhealthy window, and that one half healthy. */
  | { readonly state: 'never-harmed' }
  /** Time from the lifting to the begin of the first of the healthy windows in a row, known to within its length. */
  | ({ readonly state: 'recovered' } & Since)
  /** Not recovered while watched: the time to recover is longer. */
  | { readonly state: 'not-recovered'; readonly watchedNs: Nanoseconds };

/**
 * Time to recover, right-censored: five healthy windows in a row that all begin after the fault was lifted.
 * @param fault from its begin until it was lifted and the processes it ended were ready again
 * @param endNs end of the load, or of the evaluated part
 */
export function recovery(windows: readonly HealthWindow[], fault: Span, endNs: Nanoseconds): Recovery {
  const seen = within(windows, { fromNs: fault.fromNs, toNs: endNs });
  if (seen.length === 0) return { state: 'unjudged' };
  if (!isHarm(seen)) return { state: 'never-harmed' };
  const after = seen.filter((window) => isSince(window, fault.toNs));
  const first = after.find((_, i) => {
    const run = after.slice(i, i + RECOVERED_WINDOWS);
    return run.length === RECOVERED_WINDOWS && run.every(isHealthy);
  });
  if (first) return { state: 'recovered', ...since(first, fault.toNs) };
  return { state: 'not-recovered', watchedNs: Math.max(0, endNs - fault.toNs) };
}

function since({ fromNs, toNs }: HealthWindow, atNs: Nanoseconds): Since {
  return { afterNs: Math.max(0, fromNs - atNs), windowNs: toNs - fromNs };
}

function isSince({ fromNs }: HealthWindow, atNs: Nanoseconds): boolean {
  return fromNs >= atNs;
}

/**
 * Number of windows that begin from then on and can be evaluated: with fewer than `RECOVERED_WINDOWS` no recovery is
 * visible.
 */
export function windowsSince(windows: readonly HealthWindow[], atNs: Nanoseconds): number {
  return longEnough(windows).filter((window) => isSince(window, atNs)).length;
}

/**
 * Whether a span had more unhealthy windows than the control's: two more, or one that was not even half healthy.
 * @param control windows of the same endpoint or edge in the control trial
 */
export function harmed(
  windows: readonly HealthWindow[],
  control: readonly HealthWindow[],
  span: Span,
): boolean {
  return isHarm(within(windows, span), unhealthy(within(control, span)).length);
}

/**
 * Time from the fault's begin to that of the first unhealthy window (0: the one that it began in); null: no harm
 * beyond the control's.
 * @param control windows of the same endpoint or edge in the control trial
 */
export function propagation(
  windows: readonly HealthWindow[],
  control: readonly HealthWindow[],
  faultAtNs: Nanoseconds,
): Since | null {
  const span = { fromNs: faultAtNs, toNs: Infinity };
  if (!harmed(windows, control, span)) return null;
  return since(unhealthy(within(windows, span))[0]!, faultAtNs);
}

/**
 * Time to detect: from the fault's begin to the first protective act, a breaker that opens or a policy that rejects a
 * call; null: none in the span.
 * @param edges whose acts count; absent: all
 */
export function detection(
  { protections }: Pick<Hops, 'protections'>,
  fault: Span,
  edges?: readonly string[],
): Nanoseconds | null {
  const acts = protections
    .filter(({ edge }) => edges?.includes(edge) ?? true)
    .filter(({ atNs }) => atNs >= fault.fromNs && atNs < fault.toNs);
  return acts.length === 0 ? null : Math.min(...acts.map(({ atNs }) => atNs)) - fault.fromNs;
}

/**
 * Times that a breaker opened although its service was healthy by its own log; where that is unknown, while no fault
 * lasted, nor had just been lifted.
 */
export function falseOpens(
  transitions: Hops['transitions'],
  faults: readonly Span[],
  marginNs: Nanoseconds = FALSE_OPEN_MARGIN_NS,
): number {
  const isExplained = (atNs: Nanoseconds) =>
    faults.some(({ fromNs, toNs }) => atNs >= fromNs && atNs < toNs + marginNs);
  return transitions.filter(({ to, atNs, isFalse }) => to === 'opened' && (isFalse ?? !isExplained(atNs)))
    .length;
}

export interface Harm {
  readonly harmed: number;
  /** Number of endpoints that could be evaluated. */
  readonly of: number;
  /** Titles of those that were. */
  readonly names: readonly string[];
  /** Titles of endpoints with too few arrivals in the span. */
  readonly undetermined: readonly string[];
}

/**
 * Spread of a fault over the endpoints: those harmed against the control, by whether they depend on the fault's
 * target.
 */
export function blastRadius(
  endpoints: readonly EndpointFigures[],
  control: readonly EndpointFigures[],
  span: Span,
  isDependent: (operation: string) => boolean,
): { readonly independent: Harm; readonly dependent: Harm } {
  const harmOf = (some: readonly EndpointFigures[]): Harm => {
    const isKnown = ({ windows }: EndpointFigures) => within(windows, span).length > 0;
    const known = some.filter(isKnown);
    const hit = known.filter(({ operation, windows }) => {
      const same = control.find((one) => one.operation === operation);
      return harmed(windows, same?.windows ?? [], span);
    });
    const titlesOf = (those: readonly EndpointFigures[]) => those.map(({ title }) => title);
    const undetermined = titlesOf(some.filter((one) => !isKnown(one)));
    return { harmed: hit.length, of: known.length, names: titlesOf(hit), undetermined };
  };
  return {
    independent: harmOf(endpoints.filter(({ operation }) => !isDependent(operation))),
    dependent: harmOf(endpoints.filter(({ operation }) => isDependent(operation))),
  };
}
