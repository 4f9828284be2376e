import { peakPerS } from '../../kernel/load-shape.ts';
import type { Result } from '../../record/record.ts';
import { formatMs, formatRate } from '../format.ts';

/** `Holds for: one host, loopback, Node clients, one broker, 200/s, no work in the service.` */
export function scopeText({ scenario, brokers, patterns }: Result): string {
  const { service, load } = scenario;
  const hasTarget = patterns.some(({ target }) => target !== null);
  const parts = [
    ...(hasTarget ? [] : ['one host', 'loopback']),
    'Node clients',
    ...brokerText(brokers.map(({ name }) => name)),
    formatRate(peakPerS(load)),
    service.processingMs > 0
      ? `${formatMs(service.processingMs)} of work a message`
      : 'no work in the service',
  ];
  return `Holds for: ${parts.join(', ')}.`;
}

function brokerText(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [names.length === 1 ? 'one broker' : 'one broker of each kind'];
}
