/** How a worker introduces itself. */
import { cpus, hostname, totalmem } from 'node:os';
import type { JobPlugin } from '@longshore/core';
import type { RegisterRequest } from '@longshore/core/protocol';
import type { WorkerConfig } from '../configuration/worker-config.js';

export function registerRequest(config: WorkerConfig, plugin: JobPlugin, hardened: boolean): RegisterRequest {
  return {
    hostname: hostname(),
    plugin: plugin.name,
    slots: config.slots,
    capabilities: ['processing', 'CPU', ...(hardened ? ['hardened'] : [])],
    instance: { name: config.name, cpus: cpus().length, memoryBytes: totalmem() },
    protocol: 1,
  };
}
