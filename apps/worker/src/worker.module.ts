/** The worker: takes assignments and runs containers. It knows no database. */
import { Module, type DynamicModule } from '@nestjs/common';
import { Chance, Clock, ContainerEngine, ObjectStore } from '@longshore/core';
import { Agent } from './agent/agent.js';
import { OrchestratorClient } from './client/orchestrator-client.js';
import { WorkerConfig } from './configuration/worker-config.js';
import { Heartbeats } from './heartbeat/lease-keeping.js';
import { LoadedPlugin } from './loaded-plugin.js';

export interface OutsideWorld {
  config: WorkerConfig;
  plugin: LoadedPlugin;
  engine: ContainerEngine;
  objects: ObjectStore;
  client: OrchestratorClient;
  clock: Clock;
  chance: Chance;
  heartbeats: Heartbeats;
}

@Module({})
export class WorkerModule {
  static in(world: OutsideWorld): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: WorkerConfig, useValue: world.config },
        { provide: LoadedPlugin, useValue: world.plugin },
        { provide: ContainerEngine, useValue: world.engine },
        { provide: ObjectStore, useValue: world.objects },
        { provide: OrchestratorClient, useValue: world.client },
        { provide: Clock, useValue: world.clock },
        { provide: Chance, useValue: world.chance },
        { provide: Heartbeats, useValue: world.heartbeats },
        Agent,
      ],
    };
  }
}
