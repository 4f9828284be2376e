import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StartContext } from '../../../kernel/component.ts';
import { freePorts, portAnswers } from '../../../platform/net/ports.ts';
import { packagesFolder } from '../../../platform/packages/fetch-once.ts';
import { installOnce } from '../../../platform/packages/install.ts';
import { runProgram } from '../../../platform/process/run-program.ts';
import { startUntilUseful, untilReady } from '../../../platform/process/until-ready.ts';
import { proveKafkaReady, pushThroughKafka } from './client.ts';
import { javaArguments, type Kit, lastOutput, type PreparedKit, serverSpec, kafkaUrlAt } from './server.ts';
import { asProperties, brokerSettings, CLUSTER_ID } from './settings.ts';

const READY_MS = 60_000;
/** Time to write the archive, at the end of the process. */
const DUMP_MS = 60_000;
const ARCHIVE_SECONDS = 8;
const ARCHIVE = 'classes.jsa';
/** Enough to load the classes for producing, consuming and groups. */
const ARCHIVE_MESSAGES = 200;

/** Makes the cached parts of every start, once per Java and Kafka. */
export async function prepareKit(kit: Kit, context: StartContext): Promise<PreparedKit> {
  const base = path.join(packagesFolder(context.cacheFolder), `kafka-${kit.jars.version}`);
  const template = `${base}-template-${keyOf(kit)}`;
  const archived = `${base}-classes-${keyOf(kit)}`;
  const onWait = () => context.progress('Kafka: waiting for another commbench that is preparing it');
  const { signal } = context;
  await installOnce(template, { signal, onWait, fill: (part) => formatInto(part, kit, context) });
  const formatted = { ...kit, template: path.join(template, 'data') };
  try {
    await installOnce(archived, { signal, onWait, fill: (part) => archiveInto(part, formatted, context) });
  } catch (error) {
    signal.throwIfAborted();
    context.progress(`Kafka: starts slower, without an archive of its classes: ${(error as Error).message}`);
  }
  const archive = path.join(archived, ARCHIVE);
  return existsSync(archive) ? { ...formatted, archive } : formatted;
}

/** An archive is valid for one build of Java and exactly these files (JEP 350), so both are in the key. */
function keyOf({ java, jars }: Kit): string {
  const files = jars.files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs]);
  return createHash('sha256')
    .update(JSON.stringify([java, files]))
    .digest('hex')
    .slice(0, 16);
}

async function formatInto(folder: string, kit: Kit, context: StartContext): Promise<string> {
  const settings = brokerSettings({
    host: '127.0.0.1',
    port: 1,
    controllerPort: 2,
    advertised: '127.0.0.1:1',
  });
  const properties = path.join(context.folder, 'kafka-format.properties');
  writeFileSync(properties, asProperties({ ...settings, 'log.dirs': path.join(folder, 'data') }));
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', CLUSTER_ID, '--config', properties];
  const spec = {
    name: 'kafka-format',
    file: kit.java.file,
    args: [...javaArguments(kit), '-XX:TieredStopAtLevel=1', ...format],
    outputPath: path.join(context.folder, 'kafka-format.log'),
  };
  await runProgram(context.spawner, spec, {
    signal: context.signal,
    what: 'formatting the data of a Kafka broker',
    errorCode: 'no-broker',
    hint: 'Run `commbench doctor`.',
  });
  return kit.jars.version;
}

/**
 * Runs a broker briefly; at its end, Java archives the classes that it used. A Java without that ability leaves none,
 * which is recorded.
 */
async function archiveInto(
  folder: string,
  kit: Kit & { readonly template: string },
  context: StartContext,
): Promise<string> {
  context.progress(`Kafka: preparing faster starts (once, about ${ARCHIVE_SECONDS} s)`);
  const at = path.join(context.folder, 'kafka-classes');
  mkdirSync(at);
  cpSync(kit.template, path.join(at, 'data'), { recursive: true });
  const archive = path.join(folder, ARCHIVE);
  const [port, controllerPort] = (await freePorts(2)) as [number, number];
  const spec = serverSpec(kit, {
    folder: at,
    port,
    controllerPort,
    java: [`-XX:ArchiveClassesAtExit=${archive}`],
  });
  const server = await startUntilUseful(
    context.spawner,
    { ...spec, graceMs: DUMP_MS },
    {
      label: { title: 'Kafka', lastOutputOf: lastOutput },
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(READY_MS)]),
      async useful(signal) {
        await portAnswers(port, signal);
        await untilReady((s) => proveKafkaReady(kafkaUrlAt(port), s), signal);
        await pushThroughKafka(kafkaUrlAt(port), signal, ARCHIVE_MESSAGES);
      },
    },
  );
  await server.stop();
  return existsSync(archive) ? kit.jars.version : 'none';
}
