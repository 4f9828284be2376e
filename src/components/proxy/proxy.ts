import { inspect } from 'node:util';
import { nowNs } from '../../kernel/clock.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { connectHub } from '../../platform/ipc/hub-client.ts';
import { untilInstant } from '../../platform/process/until-instant.ts';
import { readPlanFile } from '../../plan/plan-file.ts';
import type { ProxyConfig, ProxyMessage, ProxyOrder } from './proxy-config.ts';
import { openGate } from './proxy-gate.ts';

/**
 * The proxy process: `node proxy.ts CONFIG`. It stands on one edge of a topology, in every trial, and applies ordered
 * faults to its connections. It ends when its hub closes, or on SIGTERM (code 0).
 */

/** A proxy whose trial is over is ended. */
const FOR_LIFE = new AbortController().signal;

async function main(configPath: string | undefined): Promise<void> {
  if (configPath === undefined) throw new CommbenchError('bad-option', 'Expected the path of a config file');
  const config = readPlanFile(configPath) as ProxyConfig;
  process.once('SIGTERM', () => process.exit(EXIT.done));
  const hub = await connectHub<ProxyMessage, ProxyOrder>(config.socketPath);
  hub.send({ type: 'hello', name: config.name, mark: config.mark, pid: process.pid });
  try {
    const gate = await openGate(config.target, config.port);
    hub.send({ type: 'ready', port: gate.port });
    await Promise.all([
      hub.answer('link', async ({ state, atNs }) => {
        if (atNs !== null) await untilInstant({ atNs, cancel: FOR_LIFE });
        const [before, beganNs] = [gate.counts(), nowNs()];
        await gate.set(state);
        return { type: 'linked', before, beganNs, counts: gate.counts(), inForceNs: nowNs() };
      }),
      hub.answer('count', () => ({ type: 'counted', counts: gate.counts() })),
    ]);
  } catch (error) {
    process.stderr.write(`${error instanceof CommbenchError ? error.message : inspect(error)}\n`);
    hub.send({ type: 'failed', message: (error as Error).message });
    await hub.finish();
    process.exit(EXIT.defect);
  }
}

await main(process.argv[2]);
