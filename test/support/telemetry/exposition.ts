/**
 * A reader of Prometheus' text format and of OpenMetrics, written from their specifications
 * (https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/):
 * it refuses what they forbid.
 */
export interface ReadFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string | undefined;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly time: number | undefined;
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  info: ['_info'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum'],
};

/** @throws Error where the text is not of the format */
export function readExposition(text: string, isOpen: boolean): ReadFamily[] {
  const lines = text.split('\n');
  expectThat(lines.pop() === '', 'the text ends with a line feed');
  if (isOpen) expectThat(lines.pop() === '# EOF', 'OpenMetrics ends with # EOF');
  const families: (ReadFamily & { samples: Sample[]; type: string; unit: string | undefined })[] = [];
  for (const line of lines) {
    const [, word, name, rest = ''] = /^# (HELP|TYPE|UNIT) (\S+) ?(.*)$/.exec(line) ?? [];
    const family = families.at(-1);
    if (word === 'HELP') {
      expectThat(!families.some((other) => other.name === name), `${name} comes once`);
      families.push({ name: name!, help: rest, type: '', unit: undefined, samples: [] });
    } else if (word !== undefined) {
      expectThat(family?.name === name && family!.samples.length === 0, `${line} is of the family begun`);
      if (word === 'TYPE') family!.type = rest;
      else family!.unit = rest;
    } else family!.samples.push(sampleIn(line, isOpen, family!));
  }
  for (const family of families) checkFamily(family, isOpen);
  return families;
}

function sampleIn(line: string, isOpen: boolean, { name: family, type }: ReadFamily): Sample {
  const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: (\S+))?$/.exec(line);
  expectThat(found !== null, `a sample: ${line}`);
  const [, name, labels = '', value, time] = found!;
  // The older format has no family apart from its samples' names.
  const suffixes = isOpen || type === 'histogram' ? SUFFIXES[type] : [''];
  expectThat(
    suffixes?.some((suffix) => name === family + suffix) ?? false,
    `${name} is of ${family}, a ${type}`,
  );
  return {
    name: name!,
    labels: labelsIn(labels),
    value: numberIn(value!),
    time: time === undefined ? undefined : Number(time),
  };
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const one = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
  while (one.lastIndex < text.length) {
    const found = one.exec(text);
    expectThat(found !== null, `labels: ${text}`);
    const [, name, value] = found!;
    expectThat(!Object.hasOwn(labels, name!), `${name} once in ${text}`);
    labels[name!] = value!.replaceAll(/\\(.)/g, (_, character: string) =>
      character === 'n' ? '\n' : character,
    );
  }
  return labels;
}

function numberIn(text: string): number {
  const value = text === '+Inf' ? Infinity : Number(text);
  expectThat(!Number.isNaN(value), `a number: ${text}`);
  return value;
}

function checkFamily({ name, type, unit, samples }: ReadFamily, isOpen: boolean): void {
  expectThat(SUFFIXES[type] !== undefined && (isOpen || type !== 'info'), `a known type: ${type}`);
  if (unit !== undefined) expectThat(isOpen && name.endsWith(`_${unit}`), `${name} ends with ${unit}`);
  const keys = samples.map(
    (sample) => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`,
  );
  expectThat(new Set(keys).size === keys.length, `${name} has each set of labels once`);
  if (type === 'histogram') checkHistograms(samples);
}

/** Buckets go up, the last one is of infinity, and counts all. */
function checkHistograms(samples: readonly Sample[]): void {
  const points = Map.groupBy(samples, ({ labels: { le: _bound, ...labels } }) => JSON.stringify(labels));
  for (const point of points.values()) {
    const buckets = point.filter(({ name }) => name.endsWith('_bucket'));
    const [count, sum] = ['_count', '_sum'].map((end) => point.find(({ name }) => name.endsWith(end)));
    const bounds = buckets.map(({ labels }) => numberIn(labels['le']!));
    const isRising = (values: readonly number[]) =>
      values.every((value, i) => i === 0 || value >= values[i - 1]!);
    expectThat(isRising(bounds) && isRising(buckets.map(({ value }) => value)), 'rising buckets');
    expectThat(
      bounds.at(-1) === Infinity && buckets.at(-1)!.value === count?.value,
      'the last bucket has all',
    );
    expectThat(sum !== undefined, 'a sum');
  }
}

function expectThat(is: boolean, what: string): void {
  if (!is) throw new Error(`Expected ${what}`);
}
