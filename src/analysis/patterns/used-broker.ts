import type { PatternRecord, Result } from '../../record/record.ts';

/** Name of a pattern's broker; of one without a broker no broker has this name. */
export function brokerNameOf({ broker, transport }: PatternRecord): string {
  return broker ?? transport;
}

/** Example: `rabbitmq 4.3.6`. */
export function brokerVersionOf({ name, version }: Result['brokers'][number]): string {
  return `${name} ${version}`;
}

/** The broker that a pattern was measured with; undefined: none. */
export function usedBroker({ brokers }: Pick<Result, 'brokers'>, record: PatternRecord): string | undefined {
  const broker = brokers.find(({ name }) => name === brokerNameOf(record));
  return broker && brokerVersionOf(broker);
}

/** Figures of an earlier calibration of a pattern; undefined where there are none with the same broker. */
export function calibratedFigures(
  result: Pick<Result, 'brokers' | 'design'>,
  record: PatternRecord,
): NonNullable<Result['design']['calibration']>[string] | undefined {
  const known = result.design.calibration?.[record.id];
  return known?.broker === usedBroker(result, record) ? known : undefined;
}
