import type { MetricBuckets, MetricFamily, MetricPoint, MetricSet } from './family.ts';

/**
 * Metrics as text: for Prometheus (format 0.0.4, as its text-file collector and push gateway take it) or as OpenMetrics
 * 1.0, each sample with its time, as `promtool tsdb create-blocks-from openmetrics` takes it. No client library writes a
 * histogram that was counted already, nor times.
 */
export interface ExpositionDialect {
  /** Names of samples carry `_total` and `_info`, and their family's does not. */
  readonly isOpen: boolean;
}

export function expositionText({ families, endMs }: MetricSet, dialect: ExpositionDialect): string {
  const time = dialect.isOpen ? ` ${(endMs / 1000).toFixed(3)}` : '';
  const lines = families.flatMap((family) => familyLines(family, dialect).concat(sampleLines(family, time)));
  return [...lines, ...(dialect.isOpen ? ['# EOF'] : []), ''].join('\n');
}

const SUFFIX: Readonly<Record<MetricFamily['type'], string>> = {
  counter: '_total',
  info: '_info',
  gauge: '',
  histogram: '',
};

/** Prometheus' own format knows no infos. */
function familyLines(family: MetricFamily, { isOpen }: ExpositionDialect): string[] {
  const { type, unit, help } = family;
  const name = isOpen ? familyName(family) : familyName(family) + SUFFIX[type];
  return [
    `# HELP ${name} ${isOpen ? escaped(help) : help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${!isOpen && type === 'info' ? 'gauge' : type}`,
    ...(isOpen && unit ? [`# UNIT ${name} ${unit}`] : []),
  ];
}

function familyName({ name, unit }: MetricFamily): string {
  return unit ? `${name}_${unit}` : name;
}

function sampleLines(family: MetricFamily, time: string): string[] {
  const name = familyName(family);
  return family.points.flatMap(({ labels, value }) =>
    typeof value === 'number'
      ? [`${name}${SUFFIX[family.type]}${labelText(labels)} ${value}${time}`]
      : bucketLines(name, labels, value).map((line) => line + time),
  );
}

function bucketLines(
  name: string,
  labels: MetricPoint['labels'],
  { bounds, atMost, count, sum }: MetricBuckets,
): string[] {
  const bucket = (le: string, n: number) => `${name}_bucket${labelText({ ...labels, le })} ${n}`;
  return [
    ...bounds.map((bound, i) => bucket(floatText(bound), atMost[i]!)),
    bucket('+Inf', count),
    `${name}_count${labelText(labels)} ${count}`,
    `${name}_sum${labelText(labels)} ${sum}`,
  ];
}

/** OpenMetrics has one text for each bound: `1.0`. */
function floatText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function labelText(labels: MetricPoint['labels']): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
