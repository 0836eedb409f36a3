/** How a worker introduces itself. */
import { cpus, hostname, totalmem } from 'node:os';
import type { JobPlugin } from '@longshore/core';
import type { InstanceMessage, RegisterRequest } from '@longshore/core/protocol';
import type { WorkerConfig } from '../configuration/worker-config.js';
import type { MachineFacts } from '../machine/machine-facts.js';

export interface Introduction {
  facts: Promise<MachineFacts>;
  /** Whether the walls around its containers were seen to stand. */
  hardened: boolean;
}

export function registerRequest(
  config: WorkerConfig,
  plugin: JobPlugin,
  slots: number,
  facts: MachineFacts,
  hardened: boolean,
): RegisterRequest {
  const { type } = facts.identity ?? {};
  return {
    hostname: hostname(),
    plugin: plugin.name,
    slots,
    // The first three as the original system's workers have them.
    capabilities: [
      'processing',
      ...(type ? [type] : []),
      facts.gpus ? 'GPU' : 'CPU',
      ...(hardened ? ['hardened'] : []),
    ],
    instance: instanceOf(config.name, facts),
    cluster: config.cluster,
    protocol: 1,
  };
}

function instanceOf(name: string, { identity, gpus }: MachineFacts): InstanceMessage {
  return {
    name,
    cpus: cpus().length,
    memory_bytes: totalmem(),
    ...(identity && { id: identity.instanceId, type: identity.type, zone: identity.zone, region: identity.region }),
    ...(gpus && { gpus: gpus.count, gpu: gpus.name }),
  };
}
