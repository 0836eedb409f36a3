/** The plugins this orchestrator knows, loaded at its start. */
import { LongshoreError, type JobPlugin } from '@longshore/core';

export class PluginCatalog {
  private readonly plugins: ReadonlyMap<string, JobPlugin>;

  /** @param namedAs names of plugins by what they were called at the start, such as a path */
  constructor(
    plugins: readonly JobPlugin[],
    private readonly namedAs: ReadonlyMap<string, string> = new Map(),
  ) {
    this.plugins = new Map(plugins.map((plugin) => [plugin.name, plugin]));
    if (this.plugins.size < plugins.length) {
      const names = plugins.map((plugin) => plugin.name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      throw new LongshoreError('invalid-configuration', `Two plugins are named "${twice}".`, {
        remedy: 'Leave one of them out of LONGSHORE_PLUGINS.',
      });
    }
  }

  get names(): string[] {
    return [...this.plugins.keys()].sort();
  }

  /** @throws LongshoreError `plugin-unknown` */
  get(name: string): JobPlugin {
    const plugin = this.plugins.get(this.namedAs.get(name) ?? name);
    if (plugin) return plugin;
    throw new LongshoreError('plugin-unknown', `This orchestrator knows no plugin "${name}".`, {
      remedy: `It knows ${this.names.join(', ') || 'none'}; others are named at its start, with --plugins or in LONGSHORE_PLUGINS.`,
    });
  }
}
