/** The composition root of the engine, which the main thread and the heartbeat thread each open for themselves. */
import { DockerContainerEngine } from '@longshore/adapters/docker';
import { ProcessContainerEngine } from '@longshore/adapters/process';
import type { ContainerEngine } from '@longshore/core';
import type { EngineSettings } from '../configuration/engine-settings.js';

export function openEngine(settings: EngineSettings): ContainerEngine {
  return settings.kind === 'docker' ? new DockerContainerEngine() : new ProcessContainerEngine(settings);
}
