/** The worker: takes assignments and runs containers. It knows no database. */
import { Module, type DynamicModule } from '@nestjs/common';
import { Chance, Clock, ContainerEngine, Machine, ObjectStore, Tracer } from '@longshore/core';
import { Agent } from './agent/agent.js';
import { Departure } from './agent/departure.js';
import { Foresight } from './agent/foresight.js';
import { Registrar } from './agent/registrar.js';
import { WorkTaker } from './agent/work-taker.js';
import { Address } from './client/address.js';
import { OrchestratorClient } from './client/orchestrator-client.js';
import { WorkerConfig } from './configuration/worker-config.js';
import { LastContact } from './discovery/last-contact.js';
import { OrchestratorFinder } from './discovery/orchestrator-finder.js';
import { Heartbeats } from './heartbeat/lease-keeping.js';
import { WorkerMeter } from './metrics/worker-meter.js';
import { SlotCount } from './machine/slot-count.js';
import { LoadedPlugin } from './loaded-plugin.js';

export interface OutsideWorld {
  config: WorkerConfig;
  slots: SlotCount;
  plugin: LoadedPlugin;
  engine: ContainerEngine;
  objects: ObjectStore;
  client: OrchestratorClient;
  address: Address;
  finder: OrchestratorFinder;
  contact: LastContact;
  machine: Machine;
  clock: Clock;
  chance: Chance;
  heartbeats: Heartbeats;
  tracer: Tracer;
  meter: WorkerMeter;
}

@Module({})
export class WorkerModule {
  static in(world: OutsideWorld): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: WorkerConfig, useValue: world.config },
        { provide: SlotCount, useValue: world.slots },
        { provide: LoadedPlugin, useValue: world.plugin },
        { provide: ContainerEngine, useValue: world.engine },
        { provide: ObjectStore, useValue: world.objects },
        { provide: OrchestratorClient, useValue: world.client },
        { provide: Address, useValue: world.address },
        { provide: OrchestratorFinder, useValue: world.finder },
        { provide: LastContact, useValue: world.contact },
        { provide: Machine, useValue: world.machine },
        { provide: Clock, useValue: world.clock },
        { provide: Chance, useValue: world.chance },
        { provide: Heartbeats, useValue: world.heartbeats },
        { provide: Tracer, useValue: world.tracer },
        { provide: WorkerMeter, useValue: world.meter },
        Departure,
        Foresight,
        Registrar,
        WorkTaker,
        Agent,
      ],
    };
  }
}
