/** The worker process. */
import 'reflect-metadata';
import { forgetSecrets, startProcess, tellParent } from '@longshore/adapters/settings';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Agent } from './agent/agent.js';
import { compose } from './compose.js';
import { WorkerConfig } from './configuration/worker-config.js';
import { HealthFile } from './health/health-file.js';
import { WorkerModule } from './worker.module.js';

// The container's user is another one than ours; it must be able to read what is fetched.
process.umask(0o022);

await startProcess('longshore worker', async () => {
  const config = new WorkerConfig(process.env);
  forgetSecrets(process.env);
  const world = await compose(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.in(world), {
    logger: new ConsoleLogger({ json: !process.stdout.isTTY, logLevels: ['log', 'warn', 'error', 'fatal'] }),
    abortOnError: false,
  });
  const agent = app.get(Agent);
  let health: HealthFile | undefined;
  const working = agent.work(() => {
    health = new HealthFile(config.healthFile, (line) => new Logger('Health').warn(line));
    tellParent({ type: 'ready' });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => agent.stop(`it received ${signal}`));
  process.once('disconnect', () => agent.stop('the process that started it is gone'));
  await working;
  health?.[Symbol.dispose]();
  await app.close();
  process.exit(0);
});
