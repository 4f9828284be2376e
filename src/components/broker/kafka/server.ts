import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StartContext } from '../../../kernel/component.ts';
import type { Program, ProgramSpec } from '../../../kernel/program.ts';
import { freePorts } from '../../../platform/net/ports.ts';
import { lastOutputOf } from '../../../platform/process/last-output.ts';
import type { PreparedBroker } from '../recipe.ts';
import type { Java } from './java.ts';
import type { Jars } from './jars.ts';
import { asProperties, brokerSettings } from './settings.ts';

/** An orderly stop takes half a second, two on a busy machine; its data are discarded anyway. */
const STOP_MS = 5000;
const STACK_FRAME = /^\s*(at |\.\.\. \d+ more)/;

/** From its log, which is its output, without the frames of Java's stacks. */
export function lastOutput({ outputPath }: Program): string {
  return lastOutputOf(outputPath, Infinity)
    .split('\n')
    .filter((line) => !STACK_FRAME.test(line))
    .slice(-6)
    .join('\n');
}

export function kafkaUrlAt(port: number): string {
  return `kafka://127.0.0.1:${port}`;
}

/** A Kafka with formatted, empty data and ports of its own. */
export async function prepareKafka(kit: PreparedKit, context: StartContext): Promise<PreparedBroker> {
  const folder = mkdtempSync(path.join(context.folder, 'kafka-'));
  const [port, controllerPort] = (await freePorts(2)) as [number, number];
  const archive = kit.archive === undefined ? [] : [`-XX:SharedArchiveFile=${kit.archive}`];
  cpSync(kit.template, path.join(folder, 'data'), { recursive: true });
  return { spec: serverSpec(kit, { folder, port, controllerPort, java: archive }), url: kafkaUrlAt(port) };
}

/** Programs of a Kafka. */
export interface Kit {
  readonly java: Java;
  readonly jars: Jars;
}

/** A kit with its cached parts. */
export interface PreparedKit extends Kit {
  /** Folder of formatted, empty data: to be copied. */
  readonly template: string;
  /** Archive of classes, read and checked beforehand: halves the time to start. Absent where it could not be made. */
  readonly archive?: string;
}

interface ServerPlace {
  /** Folder of its settings, its output and its `data`. */
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  /** More arguments for Java. */
  readonly java: readonly string[];
}

/** A broker that listens on loopback only, on these ports. */
export function serverSpec(kit: Kit, { folder, port, controllerPort, java }: ServerPlace): ProgramSpec {
  const listening = { host: '127.0.0.1', port, controllerPort, advertised: `127.0.0.1:${port}` };
  const properties = path.join(folder, 'server.properties');
  const settings = { ...brokerSettings(listening), 'log.dirs': path.join(folder, 'data') };
  writeFileSync(properties, asProperties(settings));
  return {
    name: path.basename(folder),
    file: kit.java.file,
    args: [...javaArguments(kit), '-Xms256m', '-Xmx384m', ...java, 'kafka.Kafka', properties],
    cwd: folder,
    outputPath: path.join(folder, 'output.log'),
    graceMs: STOP_MS,
  };
}

/**
 * Arguments for every Java of ours. The serial collector: two others would compete with the measured processes on a
 * small machine. Both compilers, as in production: with the first one alone a message costs twice as much once warm.
 */
export function javaArguments({ jars }: Kit): string[] {
  return [
    '-XX:+UseSerialGC',
    // Otherwise a killed one leaves a file in the system's temporary folder.
    '-XX:-UsePerfData',
    '-XX:+ExitOnOutOfMemoryError',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    jars.files.join(path.delimiter),
  ];
}
