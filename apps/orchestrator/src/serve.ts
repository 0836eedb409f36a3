/** Starts the HTTP server of an orchestrator and says where it listens. */
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LongshoreError, messageOf } from '@longshore/core';
import { OrchestratorModule } from './orchestrator.module.js';
import type { OutsideWorld } from './outside-world.module.js';

/** The manifest of a task with a thousand objects is about half a megabyte. */
const bodyLimit = '16mb';

export interface ServingOrchestrator {
  url: string;
  stop(): Promise<void>;
}

/** These names reach into the machinery of JavaScript objects; no field of ours is called so. */
export function refuseMagicNames(name: string, value: unknown): unknown {
  if (['__proto__', 'constructor', 'prototype'].includes(name))
    throw new SyntaxError(`No field may be called "${name}"`);
  return value;
}

/** @throws LongshoreError `port-taken` */
export async function serve(world: OutsideWorld, logging = true): Promise<ServingOrchestrator> {
  const app = await NestFactory.create<NestExpressApplication>(OrchestratorModule.in(world), {
    logger: logging && new ConsoleLogger({ json: !process.stdout.isTTY, logLevels: ['log', 'warn', 'error', 'fatal'] }),
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.useBodyParser('json', { limit: bodyLimit, reviver: refuseMagicNames });
  app.disable('x-powered-by');
  await listen(app, world);
  return {
    url: (await app.getUrl()).replace('[::1]', 'localhost'),
    stop: async () => {
      await app.close();
      await world.store.close();
    },
  };
}

async function listen(app: NestExpressApplication, { config, store }: OutsideWorld): Promise<void> {
  try {
    await app.listen(config.port, config.host);
  } catch (thrown) {
    await app.close().catch(() => undefined);
    await store.close();
    if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    throw new LongshoreError('port-taken', `Port ${config.port} of ${config.host} is taken: ${messageOf(thrown)}.`, {
      remedy: 'Stop what listens there, or choose another port with LONGSHORE_PORT.',
      cause: thrown,
    });
  }
}
