/** The worker process. */
import 'reflect-metadata';
import { ProcessLog } from '@longshore/adapters/logging';
import { forgetSecrets, startProcess, tellParent } from '@longshore/adapters/settings';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Agent } from './agent/agent.js';
import { Departure } from './agent/departure.js';
import { livingNeighbour } from './agent/leftovers.js';
import { compose, composeMachine } from './compose.js';
import { WorkerConfig } from './configuration/worker-config.js';
import { HealthFile } from './health/health-file.js';
import { endingMachine } from './machine/own-shutdown.js';
import { MetricsServer } from './metrics/metrics-server.js';
import { WorkerModule } from './worker.module.js';

// The container's user is another one than ours; it must be able to read what is fetched.
process.umask(0o022);

await startProcess('longshore worker', async () => {
  const config = new WorkerConfig(process.env);
  forgetSecrets(process.env);
  const logger = new ProcessLog({ process: 'worker', ...config.log });
  Logger.overrideLogger(logger);
  const machine = await composeMachine(config.cloud);
  const neighbour = () => livingNeighbour(config.workFolder);
  const work = async () => {
    // One that waits for its orchestrator is well.
    using _health = new HealthFile(config.healthFile, (line) => new Logger('Health').warn(line));
    const world = await compose(config, machine, (line) => logger.log(line, 'Worker'));
    const warn = (line: string) => logger.warn(line, 'Metrics');
    await using _metrics =
      config.metricsPort === undefined ? undefined : await MetricsServer.start(config.metricsPort, world.meter, warn);
    const app = await NestFactory.createApplicationContext(WorkerModule.in(world), { logger, abortOnError: false });
    const departure = app.get(Departure);
    const working = app.get(Agent).work(() => tellParent({ type: 'ready' }));
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => departure.stop('asked', `it received ${signal}`));
    }
    process.once('disconnect', () => departure.stop('asked', 'the process that started it is gone'));
    await working.finally(() => world.tracer.close());
    await app.close();
    return departure.cause;
  };
  await endingMachine(machine, config.cloud.shutdown, work, neighbour);
  process.exit(0);
});
