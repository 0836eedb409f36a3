/** The composition root of the heartbeat thread, which has connections of its own. */
import { DockerContainerEngine } from '@longshore/adapters/docker';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import type { Chance, Clock, ContainerEngine } from '@longshore/core';
import { Credentials } from '../client/credentials.js';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import type { ThreadStart } from './thread-messages.js';

export interface ThreadWorld {
  clock: Clock;
  chance: Chance;
  engine: ContainerEngine;
  client: OrchestratorClient;
}

export function compose({ clockZero, orchestratorUrl, given }: ThreadStart): ThreadWorld {
  const credentials = new Credentials();
  credentials.keep(given);
  return {
    clock: new SystemClock(clockZero),
    chance: new SystemChance(),
    engine: new DockerContainerEngine(),
    client: new OrchestratorClient(orchestratorUrl, credentials),
  };
}
