import { whyNoLocalhost } from '../../../platform/net/loopback.ts';
import { portVariable } from '../compose.ts';
import { defineBroker } from '../define-broker.ts';
import { rabbitClient } from './connection.ts';
import { installedPrograms, type RabbitPrograms, unpackedPrograms } from './programs.ts';
import { lastRabbitOutput, prepareRabbitmq, rabbitmqUrlAt } from './server.ts';
import { rabbitRecipes, suiteWanted } from './suites.ts';

const NOT_ASKED = 'an installed one is not wanted: COMMBENCH_RABBITMQ_SUITE names packages';

/** A real RabbitMQ, from any source (DESIGN 6). */
export const broker = defineBroker({
  name: 'rabbitmq',
  title: 'RabbitMQ',
  schemes: ['amqp', 'amqps'],
  exampleUrl: 'amqp://guest:guest@127.0.0.1:5672',
  needs: 'to make, write to, read and remove queues and exchanges named commbench*',
  // The version that Debian's newest suite has, with default settings.
  compose: {
    image: 'rabbitmq:4.3.6',
    // Its data are stored under its host's name.
    hostname: 'commbench',
    ports: [`127.0.0.1:\${${portVariable('rabbitmq')}:-5672}:5672`],
    stop_grace_period: '15s',
  },
  programs: {
    recipes: () => rabbitRecipes(),
    installed: async () =>
      (await whyNoLocalhost()) ?? (suiteWanted() === undefined ? installedByUser() : NOT_ASKED),
    whyNotIn: async () => whyNoLocalhost(),
    unpacked: async (folder) => unpackedPrograms(folder) ?? `no RabbitMQ in ${folder}`,
    describe: ({ server }) => server,
  },
  install: {
    brew: 'brew install rabbitmq',
    dnf: 'sudo dnf install rabbitmq-server',
    other:
      'Install RabbitMQ or Docker, or give a broker: --broker rabbitmq=amqp://guest:guest@127.0.0.1:5672',
  },
  client: rabbitClient,
  lastOutput: lastRabbitOutput,
  urlAt: rabbitmqUrlAt,
  prepare: ({ programs }, context, stack) => prepareRabbitmq(programs, context, stack),
});

function installedByUser(): RabbitPrograms | string {
  return installedPrograms() ?? 'no rabbitmq-server with Erlang is installed';
}
