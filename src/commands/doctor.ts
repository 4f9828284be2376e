import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { cacheFolder } from '../platform/packages/cache-folder.ts';
import { freeBytes, megabytes } from '../platform/packages/disk-errors.ts';
import { givenUrls } from '../components/broker/given-urls.ts';
import { packagesFolder, removeHint } from '../platform/packages/fetch-once.ts';
import { changedFolders, measure } from '../platform/packages/install.ts';
import { freePorts } from '../platform/net/ports.ts';
import type { BrokerDefinition } from '../kernel/broker.ts';
import type { ComponentPlan } from '../kernel/component.ts';
import { EXIT } from '../kernel/errors.ts';
import { escapedJson, visibleIn } from '../kernel/foreign/visible.ts';
import { helpAfter } from './options/help.ts';
import type { Context } from './terminal/context.ts';
import { addOptions } from './options/options.ts';
import { hasProc } from '../platform/process/proc.ts';
import { isNoisy, lookAtMachine, noiseText } from '../trial/environment/machine-look.ts';
import { installSignals } from '../platform/process/signals.ts';
import { brokerDefinitions } from '../components/broker/broker-definitions.ts';

/** For a run's data, and for a broker that is to be fetched. */
const LEAST_FREE_BYTES = 450_000_000;
const OLDEST_NODE = [24, 6] as const;

/** One thing checked. `unknown` is no fault, but some figures will be missing. */
interface Check {
  readonly name: string;
  readonly state: 'ok' | 'unknown' | 'missing';
  readonly found: string;
  readonly hint?: string;
}

interface DoctorOptions {
  readonly json?: true;
  readonly broker?: readonly string[];
  readonly allowRemote?: readonly string[];
}

const EXAMPLES = ['commbench doctor', 'commbench doctor --broker rabbitmq=amqp://guest:guest@127.0.0.1:5672'];

/** `commbench doctor`: nothing is started, nothing is fetched. */
export function doctorCommand(context: Context): Command {
  const command = new Command('doctor').option('--json', 'print JSON, for programs');
  return addOptions(command, 'broker', 'allowRemote')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action((options: DoctorOptions) => doctor(context, options));
}

async function doctor({ stdout }: Context, options: DoctorOptions): Promise<void> {
  using interruption = installSignals();
  const definitions = await brokerDefinitions();
  const urls = givenUrls(
    options.broker ?? [],
    definitions.map(({ name }) => name),
  );
  const plans = [];
  for (const definition of definitions) {
    const plan = await definition.find({
      url: urls[definition.name],
      allowRemote: options.allowRemote ?? [],
      cacheFolder: cacheFolder(),
      signal: interruption.signal,
    });
    plans.push({ definition, plan });
  }
  const checks = [
    nodeCheck(),
    processorCheck(),
    procCheck(),
    await cacheCheck(),
    await cachedFilesCheck(),
    diskCheck(),
    await portCheck(),
    await noiseCheck(interruption.signal),
    ...plans.map(({ definition, plan }) => brokerCheck(definition, plan)),
  ];
  const isComplete = checks.every(({ state }) => state !== 'missing');
  const brokers = plans.map(({ definition, plan }) => ({ name: definition.name, ...plan }));
  if (options.json) stdout.write(`${escapedJson({ complete: isComplete, checks, brokers })}\n`);
  else stdout.write(render(visibleIn(checks)));
  if (!isComplete) process.exitCode = EXIT.environment;
}

function nodeCheck(): Check {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const found = `${process.versions.node} (${OLDEST_NODE.join('.')} or newer is needed)`;
  if (isNew) return { name: 'Node', state: 'ok', found };
  return { name: 'Node', state: 'missing', found, hint: 'Install a newer Node.' };
}

function processorCheck(): Check {
  const count = availableParallelism();
  if (count >= 2) return { name: 'processors', state: 'ok', found: String(count) };
  const found = `${count}: generator and service disturb each other`;
  return { name: 'processors', state: 'unknown', found };
}

function procCheck(): Check {
  if (hasProc())
    return { name: '/proc', state: 'ok', found: 'readable: CPU and memory of processes are measured' };
  return { name: '/proc', state: 'unknown', found: 'not available: CPU and memory of processes are unknown' };
}

async function cacheCheck(): Promise<Check> {
  const folder = cacheFolder();
  const size = await measure(folder).catch(() => undefined);
  const found = `${folder}, ${size ? megabytes(size.bytes) : 'not created yet'}`;
  if (canWrite(folder)) return { name: 'cache', state: 'ok', found };
  const hint = 'Make it writable, or set XDG_CACHE_HOME to a folder that is.';
  return { name: 'cache', state: 'missing', found: `${found}, not writable`, hint };
}

/** Programs and code of brokers, held to what was fetched. */
async function cachedFilesCheck(): Promise<Check> {
  const name = 'cached files';
  const changed = await changedFolders(packagesFolder(cacheFolder()));
  if (changed.length === 0) return { name, state: 'ok', found: 'as they were fetched' };
  const found = `changed after they were fetched: ${changed.join(', ')}`;
  return { name, state: 'missing', found, hint: removeHint(changed) };
}

/** Whether the folder, or the nearest one above it that exists, can be written to; nothing is made. */
function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing && folder !== path.dirname(folder) && canWrite(path.dirname(folder));
  }
}

function diskCheck(): Check {
  const free = freeBytes(cacheFolder());
  if (free === undefined) return { name: 'disk', state: 'unknown', found: 'free space unknown' };
  const found = `${megabytes(free)} free`;
  if (free >= LEAST_FREE_BYTES) return { name: 'disk', state: 'ok', found };
  const hint = `Free some space: at least ${megabytes(LEAST_FREE_BYTES)} are needed.`;
  return { name: 'disk', state: 'missing', found, hint };
}

async function portCheck(): Promise<Check> {
  try {
    await freePorts(4);
    return { name: 'ports', state: 'ok', found: 'free loopback ports are available' };
  } catch (error) {
    const found = (error as Error).message;
    return { name: 'ports', state: 'missing', found, hint: 'End programs that hold many ports.' };
  }
}

/** What other programs use, for two seconds. */
async function noiseCheck(signal: AbortSignal): Promise<Check> {
  const name = 'other programs';
  const look = await lookAtMachine({ brokers: new Map(), idleCpu: new Map(), signal });
  if (look.others === null) return { name, state: 'unknown', found: 'their use of the cores is unknown' };
  if (isNoisy(look)) return { name, state: 'unknown', found: noiseText(look) };
  return { name, state: 'ok', found: `use ${Math.round(100 * look.others)} % of the cores` };
}

function brokerCheck({ title }: BrokerDefinition, plan: ComponentPlan): Check {
  if (plan.state === 'unavailable') {
    return { name: title, state: 'missing', found: plan.searched.join('; '), hint: plan.hint };
  }
  const fetch = plan.fetch
    ? `; fetched once, on first use: about ${megabytes(plan.fetch.bytes)}, ${plan.fetch.seconds} s`
    : '';
  return { name: title, state: 'ok', found: `${plan.version} (${plan.source}): ${plan.detail}${fetch}` };
}

function render(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, state, found, hint }) => {
      const line = `${state.padEnd(7)}  ${name.padEnd(width)}  ${found}\n`;
      return hint === undefined ? line : `${line}${' '.repeat(width + 11)}→ ${hint}\n`;
    })
    .join('');
}
