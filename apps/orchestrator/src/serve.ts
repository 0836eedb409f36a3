/** Starts the HTTP server of an orchestrator and says where it listens. */
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LongshoreError, messageOf } from '@longshore/core';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { Happenings } from './events/happenings.js';
import { harden } from './http/hardening.js';
import { RouteTable, type Route } from './http/route-table.js';
import { OpenApi } from './openapi/open-api.js';
import { OrchestratorModule } from './orchestrator.module.js';
import type { OutsideWorld } from './outside-world.module.js';

/**
 * So many may knock at the same moment, as a fleet does whose orchestrator has just come back. Node.js would let in 511, and the others try again after
 * 1, 3 and 7 seconds. The system may allow less (net.core.somaxconn, 4,096 on Linux).
 */
const backlog = 16_384;

export interface ServingOrchestrator {
  url: string;
  routes: Route[];
  stop(): Promise<void>;
}

/** @throws LongshoreError `port-taken`, or `invalid-configuration` for an address that is not of this machine, or that is open to others without a token */
export async function serve(world: OutsideWorld, logger: LoggerService | false = false): Promise<ServingOrchestrator> {
  const app = await NestFactory.create<NestExpressApplication>(OrchestratorModule.in(world), {
    logger,
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  harden(app);
  app.get(OpenApi).of(app);
  if (world.dashboard !== undefined) serveDashboard(app, world.dashboard);
  await listen(app, world);
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  world.onServing?.(url);
  app.get(Happenings).serving.emit(url);
  return {
    routes: app.get(RouteTable).all(),
    url,
    stop: async () => {
      await app.close();
      await world.tracer?.close();
      await world.store.close();
    },
  };
}

async function listen(app: NestExpressApplication, { config, store }: OutsideWorld): Promise<void> {
  try {
    // Nest hands it to Node.js, but its type knows no `backlog`.
    await app.listen({ port: config.port, host: config.host, backlog } as never);
  } catch (thrown) {
    await app.close().catch(() => undefined);
    await store.close();
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new LongshoreError(
        'invalid-configuration',
        `LONGSHORE_HOST is "${config.host}", which is no address of this machine.`,
        {
          remedy: 'Name one that is, or 0.0.0.0 for all of them.',
          cause: thrown,
        },
      );
    }
    if (code !== 'EADDRINUSE') throw thrown;
    throw new LongshoreError('port-taken', `Port ${config.port} of ${config.host} is taken: ${messageOf(thrown)}.`, {
      remedy: 'Stop what listens there, or choose another port with LONGSHORE_PORT.',
      cause: thrown,
    });
  }
}
