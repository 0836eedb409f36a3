/** The composition root of the heartbeat thread, which has connections of its own. */
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import type { Chance, Clock, ContainerEngine } from '@longshore/core';
import { Address } from '../client/address.js';
import { Credentials } from '../client/credentials.js';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import { openEngine } from '../engine/compose.js';
import { MachineLoad } from './machine-load.js';
import type { ThreadStart } from './thread-messages.js';

export interface ThreadWorld {
  clock: Clock;
  chance: Chance;
  engine: ContainerEngine;
  client: OrchestratorClient;
  address: Address;
  load: MachineLoad;
}

export function compose({ clockZero, orchestratorUrl, cluster, workFolder, given, engine }: ThreadStart): ThreadWorld {
  const credentials = new Credentials();
  credentials.keep(given);
  // Looked up by the main thread: what it learns is told.
  const address = new Address(orchestratorUrl, true);
  return {
    clock: new SystemClock(clockZero),
    chance: new SystemChance(),
    engine: openEngine(engine),
    client: new OrchestratorClient(address, credentials, cluster),
    address,
    load: new MachineLoad(workFolder),
  };
}
