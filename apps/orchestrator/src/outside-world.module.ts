/** Binds the ports, for every feature, to the adapters the composition root chose. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import {
  Chance,
  Clock,
  Discovery,
  JobStore,
  Machine,
  NoTracer,
  ObjectStore,
  Scratch,
  StateCopier,
  Tracer,
} from '@longshore/core';
import { OrchestratorConfig } from './configuration/orchestrator-config.js';
import { Happenings } from './events/happenings.js';
import { watchedStore } from './events/watched-store.js';
import { Readiness } from './http/readiness.js';
import { Traces } from './tracing/traces.js';
import { Channels, type Channel } from './notifications/channels.js';
import { Newsroom } from './notifications/newsroom.js';
import { OwnProcess } from './own-process.js';
import { PluginCatalog } from './plugins/plugin-catalog.js';

export interface OutsideWorld {
  config: OrchestratorConfig;
  store: JobStore;
  objects: ObjectStore;
  scratch: Scratch;
  clock: Clock;
  chance: Chance;
  channels: readonly Channel[];
  plugins: PluginCatalog;
  /** Absent where nothing is traced. */
  tracer?: Tracer;
  /** Absent where the state is not one file. */
  copier?: StateCopier;
  /** Absent where the address is left nowhere. */
  discovery?: Discovery | undefined;
  /** Absent where nobody asks which machine this is. */
  machine?: Machine | undefined;
  /** What ends this process; absent where nothing may. */
  own?: OwnProcess;
  /** The folder that holds the dashboard; absent where none is served. */
  dashboard?: string | undefined;
  /** Told where the orchestrator serves. */
  onServing?: (url: string) => void;
}

@Global()
@Module({})
export class OutsideWorldModule {
  static bind(world: OutsideWorld): DynamicModule {
    const providers = [
      { provide: OrchestratorConfig, useValue: world.config },
      {
        provide: JobStore,
        inject: [Happenings],
        useFactory: ({ changed }: Happenings) => watchedStore(world.store, changed),
      },
      { provide: ObjectStore, useValue: world.objects },
      { provide: Scratch, useValue: world.scratch },
      { provide: Clock, useValue: world.clock },
      { provide: Chance, useValue: world.chance },
      { provide: Channels, useValue: new Channels(world.channels, world.config.news.wanted) },
      Newsroom,
      { provide: Tracer, useValue: world.tracer ?? new NoTracer() },
      { provide: StateCopier, useValue: world.copier ?? null },
      { provide: PluginCatalog, useValue: world.plugins },
      { provide: Discovery, useValue: world.discovery ?? null },
      { provide: Machine, useValue: world.machine ?? null },
      { provide: OwnProcess, useValue: world.own ?? new OwnProcess() },
      Happenings,
      Readiness,
      Traces,
    ];
    return { module: OutsideWorldModule, providers, exports: providers };
  }
}
