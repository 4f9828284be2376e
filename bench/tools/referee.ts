import { readFileSync, writeFileSync } from 'node:fs';
import { CommbenchError, EXIT } from '../../src/kernel/errors.ts';
import { connectHub } from '../../src/platform/ipc/hub-client.ts';
import { createProcessing } from '../../src/components/service/processing.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { type RefereeLine, type RefereeOrder, refereeSettingsSchema } from './referee-settings.ts';

/**
 * The referee process: `node referee.ts SETTINGS`. It answers load tools as simply as can be, stamps what
 * arrives, and says so in the end. It ends when its hub closes, or on SIGTERM (code 0).
 */
async function main(settingsPath: string | undefined): Promise<void> {
  if (settingsPath === undefined)
    throw new CommbenchError('bad-option', 'Expected the path of a settings file');
  const settings = refereeSettingsSchema.parse(JSON.parse(readFileSync(settingsPath, 'utf8')));
  const { name, mark, socketPath, processingMs, freezeMs, freezeAtMs, stampsPath } = settings;
  process.once('SIGTERM', () => process.exit(EXIT.done));
  const hub = await connectHub<RefereeLine, RefereeOrder>(socketPath);
  hub.send({ type: 'hello', name, mark, pid: process.pid });
  const recorder = createRecorder({ forMs: freezeMs, atMs: freezeAtMs });
  const hold = createProcessing(processingMs);
  const port = await serve(settings.protocol, recorder, hold);
  hub.send({ type: 'ready', port });
  await hub.next('report');
  writeStamps(stampsPath, recorder);
  const { user, system } = process.cpuUsage();
  hub.send({
    type: 'reported',
    arrivals: recorder.arrivalsMs().length,
    holds: recorder.delayedMs().length,
    frozenMs: recorder.frozenMs(),
    cpuUs: user + system,
  });
}

async function serve(
  protocol: 'http' | 'grpc',
  recorder: Recorder,
  hold: (() => Promise<void>) | undefined,
): Promise<number> {
  // Neither loads the other's library.
  if (protocol === 'grpc') return (await import('./referee-grpc.ts')).serveRefereeGrpc(recorder, hold);
  return (await import('./referee-http.ts')).serveRefereeHttp(recorder, hold);
}

function writeStamps(file: string, recorder: Recorder): void {
  const columns = [recorder.arrivalsMs(), recorder.delayedMs()];
  writeFileSync(file, Buffer.concat(columns.map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength))));
}

await main(process.argv[2]);
