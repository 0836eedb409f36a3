/** Makes a plugin out of its description, and refuses a description that could not work. */
import { LongshoreError } from '../errors/longshore-error.js';
import { networks, type JobPlugin } from './job-plugin.js';
import { limitFaults } from './resource-limits.js';

/**
 * Gives the description back unchanged once it holds together.
 *
 * @throws LongshoreError `plugin-broken` with every fault that was found.
 */
export function defineJobPlugin<Params extends object>(plugin: JobPlugin<Params>): JobPlugin<Params> {
  const faults = pluginFaults(plugin);
  if (faults.length === 0) return Object.freeze(plugin);
  throw new LongshoreError('plugin-broken', `The plugin "${plugin.name}" cannot work: ${faults.join('; ')}.`, {
    remedy: 'Mend its description; docs/plugins.md says what each field means.',
  });
}

function pluginFaults(plugin: JobPlugin): string[] {
  const { container, layout } = plugin;
  const faults: string[] = [];
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  check(/^[a-z0-9][a-z0-9-]*$/.test(plugin.name), 'name must be lower-case letters, digits and hyphens');
  check(/^\d+\.\d+\.\d+/.test(plugin.version), 'version must be a semantic version such as 1.0.0');
  check(typeof plugin.params === 'function', 'params must be a class');
  check(typeof plugin.command === 'function', 'command must be a function');
  check(container.image.trim() !== '', 'container.image is empty');
  check(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(container.name), 'container.name is not a container name');
  check(container.mounts.inputs.startsWith('/'), 'container.mounts.inputs must be an absolute path');
  check(container.mounts.outputs.startsWith('/'), 'container.mounts.outputs must be an absolute path');
  check(container.mounts.inputs !== container.mounts.outputs, 'inputs and outputs are mounted at the same path');
  check(networks.includes(container.network), `container.network must be one of ${networks.join(', ')}`);
  faults.push(...limitFaults(container.resources).map((fault) => `container.resources.${fault}`));
  check(layout.include.length > 0, 'layout.include names no pattern');
  check(typeof layout.outputs === 'function', 'layout.outputs must be a function');
  check((plugin.timeoutSeconds ?? 1) > 0, 'timeoutSeconds must be more than 0');
  return faults;
}
