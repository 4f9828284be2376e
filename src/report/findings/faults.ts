import type { Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { afterText, secondsText } from '../faults/recovery-text.ts';
import { formatCount, formatShare, plural } from '../format.ts';
import type { Names } from './names.ts';
import { caveatWords } from './caveats.ts';
import type { Template } from './template.ts';

/** `Success rate during fault: 0.0 % with no policy; 100 % with breaker + fallback (100 % degraded).` */
export const successInFault: Template = (found, names) => {
  if (found.length === 0) return undefined;
  if (names.hasCases) return successByLine(found, names);
  const usual = found.flatMap((one) => figureIn(one, 'control-success')?.value ?? []);
  const control = usual.length > 0 ? ` (control ${rangeText(usual)})` : '';
  return `Success rate during fault${control}: ${grouped(found, successText, lineIn(names))}.`;
};

/** `Success rate falls with all REST (leaf killed 0.0 %, leaf slow 13.4 %); unharmed in all other cases.` */
function successByLine(found: readonly Finding[], names: Names): string {
  const harmed = found.filter(({ verdict }) => verdict === 'harmed');
  if (harmed.length === 0) return 'Success rate during faults: unharmed in every case.';
  const byLine = Map.groupBy(harmed, ({ subject }) => names.line(subject));
  const each = [...byLine].map(([line, own]) => {
    const cases = own.map(
      (one) => `${names.title('case', caseOf(one) ?? '')} ${successText(one).replace(/ \((.*)\)$/, ', $1')}`,
    );
    return `${line} (${cases.join('; ')})`;
  });
  const rest = harmed.length < found.length ? '; unharmed in all other cases' : '';
  return `Success rate falls with ${each.join('; ')}${rest}.`;
}

/** `0.0 % (30.3 % completed)`. */
function successText(finding: Finding): string {
  const success = figureIn(finding, 'success')?.value ?? 0;
  const [degraded, done] = ['degraded', 'done'].map((name) => figureIn(finding, name));
  const asides = [
    ...(degraded ? [`${formatShare(degraded.value)} degraded`] : []),
    ...(done && done.value < 1 ? [`${formatShare(done.value)} completed`] : []),
    ...finding.caveats.filter(({ code }) => code === 'not-valid').map(({ code }) => caveatWords(code)),
  ];
  return `${formatShare(success)}${asides.length > 0 ? ` (${asides.join(', ')})` : ''}`;
}

export function rangeText(shares: readonly number[]): string {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  return formatShare(low) === formatShare(high)
    ? formatShare(low)
    : `${formatShare(low).replace(' %', '')}–${formatShare(high)}`;
}

function caseOf({ subject }: Finding): string | undefined {
  return subject.find(({ kind }) => kind === 'case')?.id;
}

/** `breaker`; where there are several cases, `breaker (leaf killed)`. */
function lineIn(names: Names): (finding: Finding) => string {
  return (finding) => {
    const id = caseOf(finding);
    const line = quoted(names.line(finding.subject));
    return names.hasCases && id !== undefined ? `${line} (${names.title('case', id)})` : line;
  };
}

/** `Collateral damage: 1 of 1 unrelated endpoints degraded with no policy; none with breaker.` */
export const collateralDamage: Template = (found, names) => {
  const shown = names.hasCases ? found.filter(({ verdict }) => verdict !== 'none') : found;
  if (shown.every(({ verdict }) => verdict === 'none')) return undefined;
  const text = grouped(
    shown,
    (finding) => {
      const [harmed, of] = ['degraded-endpoints', 'unrelated-endpoints'].map(
        (name) => figureIn(finding, name)?.value ?? 0,
      );
      const damage =
        harmed === 0
          ? 'none'
          : `${harmed} of ${of} unrelated ${of === 1 ? 'endpoint' : 'endpoints'} degraded`;
      return withAsides(damage, finding, ['not-valid', 'unhealthy-control']);
    },
    lineIn(names),
  );
  return `Collateral damage: ${text}.`;
};

/** `Recovery: < 0.6 s after the fault with breaker; not within 8 s with none.` */
export const recoveryAfterFaults: Template = (found, names) => {
  // With several cases the table shows it.
  if (found.length === 0 || names.hasCases) return undefined;
  return `Recovery: ${grouped(found, recoveryOf, lineIn(names))}.`;
};

function recoveryOf(finding: Finding): string {
  return withAsides(recoveredText(finding), finding, ['unhealthy-control', 'load-shed']);
}

/** `none (control itself unhealthy)`: with those of the finding's caveats. */
function withAsides(text: string, { caveats }: Finding, codes: readonly string[]): string {
  const asides = caveats.filter(({ code }) => codes.includes(code)).map(({ code }) => caveatWords(code));
  return asides.length > 0 ? `${text} (${asides.join(', ')})` : text;
}

function recoveredText(finding: Finding): string {
  const [afterNs, windowNs, watchedNs] = ['recovered-after', 'window', 'watched'].map(
    (name) => figureIn(finding, name)?.value,
  );
  if (finding.verdict === 'recovered') {
    return `${afterText({ afterNs: afterNs ?? 0, windowNs: windowNs ?? 0 })} after the fault`;
  }
  if (finding.verdict === 'cut-short') return 'not watched long enough';
  return watchedNs === undefined ? 'too few arrivals to say' : `not within ${secondsText(watchedNs)}`;
}

/** `Done more than once: 41 calls at users with Retry.` */
export const doneTwice: Template = (found, names) => countsText('Done more than once', found, names);

/** `Accepted and lost: 514 calls at payments with breaker + fallback.` */
export const lostWork: Template = (found, names) => countsText('Accepted and lost', found, names);

function countsText(what: string, found: readonly Finding[], names: Names): string | undefined {
  if (found.length === 0) return undefined;
  const text = grouped(
    found,
    (finding) => {
      const service = finding.subject.find(({ kind }) => kind === 'service')?.id;
      return `${plural(figureIn(finding, 'calls')?.value ?? 0, 'call')} at ${service}`;
    },
    lineIn(names),
  );
  return `${what}: ${text}.`;
}

/** `Breaker trips on a healthy service: 5× with breaker.` */
export const falseTrips: Template = (found, names) => {
  if (found.length === 0) return undefined;
  const text = grouped(
    found,
    (finding) => `${formatCount(figureIn(finding, 'trips')?.value ?? 0)}×`,
    lineIn(names),
  );
  return `Breaker trips on a healthy service: ${text}.`;
};

/** Texts, each with the names that it applies to, in the order of first appearance: `none with A, B; 3 with C`. */
function grouped<Of>(
  all: readonly Of[],
  textOf: (one: Of) => string | undefined,
  nameOf: (one: Of) => string,
): string {
  const groups = new Map<string, Set<string>>();
  for (const one of all) {
    const text = textOf(one);
    if (text !== undefined) groups.set(text, (groups.get(text) ?? new Set()).add(nameOf(one)));
  }
  return [...groups].map(([text, names]) => `${text} with ${[...names].join(', ')}`).join('; ');
}

/** A name with a comma would be taken for two. */
function quoted(name: string): string {
  return name.includes(',') ? `"${name}"` : name;
}
