/** The composition root of the heartbeat thread, which has connections of its own. */
import { DockerContainerEngine } from '@longshore/adapters/docker';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import type { Chance, Clock, ContainerEngine } from '@longshore/core';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import type { ThreadStart } from './thread-messages.js';

export interface ThreadWorld {
  clock: Clock;
  chance: Chance;
  engine: ContainerEngine;
  client: OrchestratorClient;
}

export function compose({ clockZero, orchestratorUrl }: ThreadStart): ThreadWorld {
  return {
    clock: new SystemClock(clockZero),
    chance: new SystemChance(),
    engine: new DockerContainerEngine(),
    client: new OrchestratorClient(orchestratorUrl),
  };
}
