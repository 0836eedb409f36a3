/** The plugin this worker was started with, with no more rights than the operator gives it, as an injectable class. */
import { underPolicy, type ContainerPolicy, type JobPlugin } from '@longshore/core';

export class LoadedPlugin {
  readonly plugin: JobPlugin;
  /** What the plugin wished for and does not get, in sentences. */
  readonly reduced: readonly string[];

  /** @throws LongshoreError `invalid-configuration` when the policy forbids its network or its image */
  constructor(plugin: JobPlugin, policy: ContainerPolicy) {
    const { definition, reduced } = underPolicy(structuredClone(plugin.container), policy);
    // A copy, which nothing the plugin does later can change; all else is inherited.
    this.plugin = Object.create(plugin, { container: { value: definition, enumerable: true } }) as JobPlugin;
    this.reduced = reduced;
  }
}
