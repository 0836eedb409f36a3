/** Makes a plugin out of its description, and refuses a description that could not work. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobPlugin } from './job-plugin.js';
import { shapeFaults } from './plugin-shape.js';

/**
 * Gives the description back unchanged once it holds together.
 *
 * @throws LongshoreError `plugin-broken` with every fault that was found.
 */
export function defineJobPlugin<Params extends object>(plugin: JobPlugin<Params>): JobPlugin<Params> {
  const faults = shapeFaults(plugin);
  if (faults.length === 0) return Object.freeze(plugin);
  const sentences = faults.map(({ field, fault }) => `${field} ${fault}`);
  const name = String((plugin as Partial<JobPlugin> | undefined)?.name);
  throw new LongshoreError('plugin-broken', `The plugin "${name}" cannot work: ${sentences.join('; ')}.`, {
    remedy: 'Mend its description; docs/plugins.md says what each field means.',
    fields: faults.map(({ field, fault, remedy }) => ({
      pointer: `/${field.replaceAll('.', '/')}`,
      detail: `${field} ${fault}. ${remedy}`,
    })),
  });
}
