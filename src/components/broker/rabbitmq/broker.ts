import { portVariable } from '../compose.ts';
import { defineBroker } from '../define-broker.ts';
import { lastOutputOf } from '../../../platform/process/last-output.ts';
import { rabbitClient } from './connection.ts';
import { rabbitPackages } from './packages.ts';
import { installedPrograms, unpackedPrograms } from './programs.ts';
import { logOf, prepareRabbitmq, rabbitmqUrlAt } from './server.ts';

/** A real RabbitMQ, from any source (DESIGN 6). */
export const broker = defineBroker({
  name: 'rabbitmq',
  title: 'RabbitMQ',
  schemes: ['amqp', 'amqps'],
  exampleUrl: 'amqp://guest:guest@127.0.0.1:5672',
  needs: 'to make, write to, read and remove queues and exchanges named commbench*',
  // The version of Debian's packages, with default settings.
  compose: {
    image: 'rabbitmq:3.10.8',
    // Its data are stored under its host's name.
    hostname: 'commbench',
    ports: [`127.0.0.1:\${${portVariable('rabbitmq')}:-5672}:5672`],
    stop_grace_period: '15s',
  },
  programs: {
    recipe: rabbitPackages,
    installed: async () => installedPrograms() ?? 'no rabbitmq-server with Erlang is installed',
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
  // It writes to its log; before that exists, to its output.
  lastOutput: ({ outputPath }) => lastOutputOf(outputPath) || lastOutputOf(logOf(outputPath)),
  urlAt: rabbitmqUrlAt,
  prepare: ({ programs }, context, stack) => prepareRabbitmq(programs, context, stack),
});
