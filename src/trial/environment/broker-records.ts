import { redactUrl } from '../../kernel/redact.ts';
import type { Result } from '../../record/record.ts';
import type { Testbed } from './testbed.ts';

/** The result's record of the running brokers, without credentials. */
export function brokerRecords(testbed: Testbed, warmed: ReadonlyMap<string, string>): Result['brokers'] {
  return [...testbed.brokers.values()].map(({ name, source, version, url }) => {
    return { name, source, version, url: redactUrl(url), warmed: warmed.get(name) ?? null };
  });
}
