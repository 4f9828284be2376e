import { plural } from './format.ts';
import type { Result } from '../record/record.ts';

/** Brokers with their versions, for the line of a run: `rabbitmq 4.3.6`. */
export function brokerVersions(
  brokers: readonly Pick<Result['brokers'][number], 'name' | 'version'>[],
): string[] {
  return [...new Set(brokers.map(({ name, version }) => `${name} ${version}`))].toSorted();
}

/** Place of the measurement: the machine, and the brokers that were used, if any. */
export function setupText(e: Result['environment'], brokers: Result['brokers']): string[] {
  const gibibytes =
    typeof e['memoryBytes'] === 'number' ? `${Math.round(e['memoryBytes'] / 2 ** 30)} GiB` : undefined;
  const cores = typeof e['coresUsable'] === 'number' ? plural(e['coresUsable'], 'core') : undefined;
  const machine = [e['cpu'], cores, gibibytes, e['os'], e['kernel'], e['node'] && `Node ${e['node']}`];
  const used = brokers.map(
    (b) => `${b.name} ${b.version} (${b.source}${b.warmed === null ? '' : `; ${b.warmed}`})`,
  );
  return [
    `Machine: ${machine.filter(Boolean).join(', ')}${e['virtual'] === true ? ', virtual' : ''}${e['container'] === true ? ', in a container' : ''}`,
    ...(used.length > 0 ? [`Brokers: ${used.join(', ')}`] : []),
  ];
}
