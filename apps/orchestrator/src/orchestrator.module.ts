/** The orchestrator: jobs come in, tasks go out to workers, results are recorded. It never touches a container. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessModule } from './access/access.module.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { BackupModule } from './backup/backup.module.js';
import { BatchingModule } from './batching/batching.module.js';
import { ConfiguredJobModule } from './configured-job/configured-job.module.js';
import { DiscoveryModule } from './discovery/discovery.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthController } from './http/health.controller.js';
import { ProblemFilter } from './http/problem-filter.js';
import { InvariantsModule } from './invariants/invariants.module.js';
import { RouteTable } from './http/route-table.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LeasesModule } from './leases/leases.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { OpenApiModule } from './openapi/open-api.module.js';
import { OutsideWorldModule, type OutsideWorld } from './outside-world.module.js';
import { PlansModule } from './plans/plans.module.js';
import { PluginsModule } from './plugins/plugins.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { RunEndModule } from './run-end/run-end.module.js';
import { TaskTracer } from './tracing/task-tracer.js';
import { TurnsModule } from './turns/turns.module.js';
import { TimeoutsModule } from './timeouts/timeouts.module.js';

@Module({
  imports: [
    ScheduleModule.forRoot(),
    AccessModule,
    JobsModule,
    BatchingModule,
    PlansModule,
    RegistryModule,
    LeasesModule,
    TurnsModule,
    TimeoutsModule,
    NotificationsModule,
    InvariantsModule,
    BackupModule,
    ConfiguredJobModule,
    DiscoveryModule,
    RunEndModule,
    AnalyticsModule,
    EventsModule,
    PluginsModule,
    OpenApiModule,
    MetricsModule,
  ],
  controllers: [HealthController],
  providers: [RouteTable, TaskTracer, { provide: APP_FILTER, useClass: ProblemFilter }],
})
export class OrchestratorModule {
  static in(world: OutsideWorld): DynamicModule {
    return { module: OrchestratorModule, imports: [OutsideWorldModule.bind(world)] };
  }
}
