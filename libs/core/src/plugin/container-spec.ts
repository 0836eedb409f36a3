/** One container of a plugin, as an engine is asked for it. */
import type { ContainerSpec } from '../ports/container-engine.js';
import type { ContainerDefinition } from './job-plugin.js';

/** What a definition leaves to the worker. */
export interface ContainerPlace {
  name: string;
  labels: Record<string, string>;
  /** `uid:gid` */
  user: string;
  /** Folders of this machine. */
  folders: { inputs: string; outputs: string };
}

export function containerSpec(definition: ContainerDefinition, place: ContainerPlace): ContainerSpec {
  const { image, lifecycle, mounts, resources, network } = definition;
  const { name, labels, user, folders } = place;
  return {
    image,
    name,
    labels,
    resources,
    network,
    user,
    ...(lifecycle === 'warm' && { warm: true }),
    mounts: [
      { host: folders.inputs, container: mounts.inputs, readOnly: true },
      { host: folders.outputs, container: mounts.outputs, readOnly: false },
    ],
  };
}
