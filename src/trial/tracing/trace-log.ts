import { randomInt } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { CommbenchError, systemCode, unwritableText } from '../../kernel/errors.ts';
import { beginningOfFile } from '../../platform/beginning-of-file.ts';
import type { TraceSampling } from '../../kernel/telemetry/trace-context.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import { ownVersion } from '../../record/environment.ts';
import type { RawTrial } from '../raw-trial.ts';
import { otlpSpans } from './otlp-spans.ts';
import { spansOf } from './spans.ts';

/** Spans of a run: lines of OTLP/JSON for each trial, as the file exporter of OpenTelemetry writes them. */
export interface TraceLog {
  readonly sampling: TraceSampling;
  add(spec: TrialSpec, raw: RawTrial): void;
}

const MOST_RUNS = 2 ** 47;
/** In a line: a text has a bound of its own. */
const MOST_SPANS = 10_000;
const BEGINNING = '{"resourceSpans":';

/** @param share of the requests @param take called with each line */
export function createTraceLog(share: number, take: (line: string) => void): TraceLog {
  const sampling = { run: randomInt(MOST_RUNS), share };
  // Both clocks at one instant; the wall clock's own steps later on don't matter to durations.
  const epochNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  return {
    sampling,
    add(spec, raw) {
      const spans = spansOf(spec, raw, sampling);
      for (let i = 0; i < spans.length; i += MOST_SPANS)
        take(JSON.stringify(otlpSpans(spans.slice(i, i + MOST_SPANS), epochNs, ownVersion())));
    },
  };
}

/**
 * An empty file for spans; one that holds spans is replaced.
 * @returns a writer of lines
 * @throws CommbenchError cannot-write
 */
export function openTraceFile(file: string): (line: string) => void {
  refuseOther(file);
  const guarded = (write: () => void) => {
    try {
      write();
    } catch (error) {
      throw new CommbenchError('cannot-write', unwritableText(file, error), { cause: error });
    }
  };
  guarded(() => writeFileSync(file, '', { mode: 0o600 }));
  return (line) => guarded(() => appendFileSync(file, `${line}\n`));
}

/** Probably a typing error. */
function refuseOther(file: string): void {
  const text = headOf(file);
  if (text === '' || text === BEGINNING) return;
  throw new CommbenchError('cannot-write', `${file} exists, and holds no spans`, {
    hint: 'Name another file.',
  });
}

function headOf(file: string): string {
  try {
    return beginningOfFile(file, BEGINNING.length);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw new CommbenchError('cannot-write', unwritableText(file, error), { cause: error });
  }
}
