import { fleetProviderContract } from './fleet-provider-contract.js';
import { ScriptedFleetProvider } from './scripted-fleet-provider.js';

fleetProviderContract('a scripted fleet', async () => {
  const provider = new ScriptedFleetProvider();
  return {
    provider,
    other: provider,
    template: { plugin: 'echo', slots: 1, environment: { LONGSHORE_URL: 'http://127.0.0.1:8480' } },
    kill: async (id) => provider.end(id),
    dawdle: async () => undefined,
    finish: async (fleet) => {
      const { members = [] } = (await provider.describe(fleet)) ?? {};
      for (const { id, state } of members) if (state === 'draining') provider.end(id);
    },
    close: async () => undefined,
  };
});
