import { discoveryContract } from './discovery-contract.js';
import { MemoryDiscovery } from './memory-discovery.js';

discoveryContract('a discovery in memory', async () => {
  const discovery = new MemoryDiscovery();
  return { discovery, other: discovery, breakOnce: () => discovery.refuseNext(), close: async () => undefined };
});
