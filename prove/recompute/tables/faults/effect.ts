import { correctCell, degradedCell } from '../../figures/fault-cells.ts';
import { cell, cellOf, fallingCell, tailOf, validityCell } from '../../figures/cells.ts';
import { amplification, leafOf } from '../../figures/edges.ts';
import { type FaultLine, faultLines, hopsOf, isAsynchronous, isDependent } from '../../figures/faults.ts';
import { blastOf, detectedNs, falseOpens, recoveredTexts, recoverySentence } from '../../figures/health.ts';
import { addUp } from '../../figures/patterns.ts';
import { type Beside, correctShare, lostShare, requestsInFault } from '../../figures/requests.ts';
import { highestKnown, printable } from '../../figures/samples.ts';
import type { StoredRecord } from '../../pages/stored.ts';
import * as write from '../../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../../rule.ts';
import { faultTableRule, type OfFault } from '../../fault-table.ts';

interface EffectLine extends OfFault {
  readonly seen: Beside;
}

function effectLines(record: StoredRecord): EffectLine[] {
  return faultLines(record).map((line) => ({ line, seen: requestsInFault(line) }));
}

/** Below this loss in every line, waits are the effect. */
const FEW_LOST = 0.05;

const effectRule = faultTableRule<EffectLine>({
  heading: /^Effect of the fault, and recovery/,
  lines: effectLines,
  missing: ({ line }) => line.missing,
  columns: (_record, lines) => {
    const tail = tailOf(lines.map(({ seen }) => seen.here.response));
    const isAboutWaits = lines.every(({ seen }) => lostShare(seen) <= FEW_LOST);
    return {
      'Correct in fault': ({ seen }) => correctCell(seen),
      'Calls due': ({ seen }) => cell(write.count(seen.here.planned)),
      'Recovered after': ({ line }) => cell(...recoveredTexts(line)),
      ...(isAboutWaits && {
        [`Response ${write.quantile(tail)}`]: ({ seen }: EffectLine) =>
          fallingCell(seen.here.response, tail, seen.control.response),
      }),
      Degraded: ({ seen }) => degradedCell(seen.here),
      'Retry amplification': ({ line }) => {
        const leaf = leafOf(line);
        return cellOf(leaf && amplification(leaf.phases), write.ratio, leaf?.leaf ?? null);
      },
      'Detected after': ({ line }) => cellOf(detectedNs(line), (ns) => write.us(ns / 1000)),
      'Failed fast': ({ line }) => failedFastCell(line),
      'False trips': ({ line }) => cellOf(falseOpens(line), write.count),
      Validity: ({ line }) => validityCell([...line.trials, ...line.controls], 'trials'),
    };
  },
});

function failedFastCell(line: FaultLine): OwnCell {
  const phases = leafOf(line)?.phases ?? [];
  const calls = addUp(phases, (phase) => phase.calls);
  return calls === 0 ? NOTHING : cell(write.share(addUp(phases, ({ failedFast }) => failedFast) / calls));
}

/** A row per variant, a column per case. */
interface CaseLine {
  readonly name: string;
  readonly lines: readonly FaultLine[];
}

const casesRule = tableRule<CaseLine>({
  of: ['run'],
  heading: /^Lost requests that depend on the fault/,
  lines: (record) => {
    const all = faultLines(record);
    const isOne = new Set(all.map((line) => line.case?.id)).size < 2;
    const names = isOne ? [] : [...new Set(all.map(({ name }) => name))];
    return names.map((name) => ({ name, lines: all.filter((line) => line.name === name) }));
  },
  name: ({ name }) => name,
  columns: (record) =>
    Object.fromEntries(
      [...new Map(faultLines(record).map((line) => [line.case?.id, line.case?.title ?? 'faults']))].map(
        ([id, title]) => [
          title,
          ({ lines }: CaseLine) => lossCell(lines.find((line) => line.case?.id === id)),
        ],
      ),
    ),
});

function lossCell(line: FaultLine | undefined): OwnCell {
  if (!line) return NOTHING;
  if (line.missing !== null) return cell(line.missing);
  const seen = requestsInFault(line);
  const lost = lostShare(seen);
  const below = [lost > 0 ? recoverySentence(line) : null, ...workTexts(line, seen)].filter(
    (text) => text !== null,
  );
  return cell(lost === 0 ? 'none' : write.share(lost), below.join(', ') || null);
}

/** Work that is accepted before it is done: what share was done, and how much later than in the control. */
function workTexts(line: FaultLine, { here, control }: Beside): string[] {
  if (!isAsynchronous(line) || here.planned === 0) return [];
  const done = `${write.share(here.done / here.planned)} done`;
  const known = highestKnown(here.completion);
  const usual = known && printable(control.completion, known.q);
  if (!known || usual === undefined) return [done];
  const late = known.us - usual;
  return late > known.us / 2 ? [done, `${write.us(late)} late at ${write.quantile(known.q)}`] : [done];
}

const endpointsRule = faultTableRule<OfFault>({
  heading: /^By endpoint: correct while the fault lasted/,
  lines: (record) => {
    const lines = faultLines(record).filter(({ trials }) => hopsOf(trials).length > 0);
    const hasOthers = lines.some((line) => titlesOf(line, false).length > 0);
    return hasOthers ? lines.map((line) => ({ line })) : [];
  },
  columns: (_record, lines) => {
    const dependent = lines.map(({ line }) => titlesOf(line, true).join(', ')).filter((text) => text !== '');
    const isSame = new Set(dependent).size < 2;
    const all = lines.flatMap(({ line }) => hopsOf(line.trials)[0]!.endpoints);
    const titles = new Map(all.map(({ operation, title }) => [operation, title]));
    return {
      'Depend on it': ({ line }) => (isSame ? '' : titlesOf(line, true).join(', ')),
      'Unrelated harmed': ({ line }) => {
        const blast = blastOf(line);
        return blast && blast.of > 0 ? cell(`${blast.others} of ${blast.of}`) : NOTHING;
      },
      ...Object.fromEntries(
        [...titles].map(([operation, title]) => [
          title,
          ({ line }: OfFault) => endpointCell(line, operation, title),
        ]),
      ),
    };
  },
});

function titlesOf(line: FaultLine, wanted: boolean): string[] {
  const all = hopsOf(line.trials)[0]?.endpoints ?? [];
  return all.filter(({ operation }) => isDependent(line, operation) === wanted).map(({ title }) => title);
}

function endpointCell(line: FaultLine, operation: string, title: string): OwnCell {
  const { here, control } = requestsInFault(line, operation);
  if (here.planned === 0) return NOTHING;
  const usual = correctShare(control);
  const median = printable(here.response, 0.5);
  const below = [
    ...(blastOf(line)?.harmed.includes(title) ? ['harmed'] : []),
    ...(control.planned > 0 && usual < 1 ? [`vs ${write.share(usual)}`] : []),
    ...(median === undefined ? [] : [`p50 ${write.us(median)}`]),
  ];
  return cell(write.share(correctShare(here)), below.join(', ') || null);
}

export const rules: readonly TableRule[] = [casesRule, effectRule, endpointsRule];
