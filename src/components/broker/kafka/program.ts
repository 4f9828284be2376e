import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Speaker, untilReady } from '../../../platform/process/until-ready.ts';
import { portAnswers } from '../../../platform/net/ports.ts';
import { lastWords } from '../../../platform/process/last-words.ts';
import type { ProgramSpec } from '../../../kernel/program.ts';
import { proveReady } from './client.ts';
import type { Java } from './java.ts';
import type { Jars } from './jars.ts';
import { asProperties, brokerSettings } from './settings.ts';

/** It takes half a second, two on a busy machine; its data are thrown away anyway. */
const STOP_MS = 5000;
const STACK_FRAME = /^\s*(at |\.\.\. \d+ more)/;

/** Its log, which is its output, without the frames of Java's stacks. */
export const speaker: Speaker = {
  title: 'Kafka',
  lastWords: ({ outputPath }) =>
    lastWords(outputPath, Infinity)
      .split('\n')
      .filter((line) => !STACK_FRAME.test(line))
      .slice(-6)
      .join('\n'),
};

export interface ServerPlace {
  /** Of its settings, its output, and below it its `data`. */
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  /** More arguments for Java. */
  readonly java: readonly string[];
}

/** A broker that listens on loopback only, on these ports. */
export function serverSpec(
  kit: { readonly java: Java; readonly jars: Jars },
  { folder, port, controllerPort, java }: ServerPlace,
): ProgramSpec {
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
 * For every Java of ours. The serial collector: two others would compete with what is measured on a small
 * machine. Both compilers, as in production: with the first one alone a message costs the broker twice as
 * much once it is warm.
 */
export function javaArguments({ jars }: { readonly jars: Jars }): string[] {
  return [
    '-XX:+UseSerialGC',
    // Else a killed one leaves a file in the system's temporary folder.
    '-XX:-UsePerfData',
    '-XX:+ExitOnOutOfMemoryError',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    jars.files.join(path.delimiter),
  ];
}

/** Asks the port first: clients that fail cost the starting broker more than they tell. */
export async function untilProved(url: string, signal: AbortSignal): Promise<void> {
  await portAnswers(Number(new URL(url).port), signal);
  await untilReady((s) => proveReady(url, s), signal);
}
