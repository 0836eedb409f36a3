import { MemoryObjectStore } from './memory-object-store.js';
import { objectStoreContract } from './object-store-contract.js';

objectStoreContract('the memory store', async () => {
  const store = new MemoryObjectStore();
  store.createBucket('bucket');
  const location = { bucket: 'bucket', prefix: 'some/prefix/' };
  return {
    store,
    other: store,
    location,
    missing: { bucket: 'nowhere', prefix: '' },
    put: async (key, content) => store.put('bucket', location.prefix + key, content),
    remove: async (key) => store.remove('bucket', location.prefix + key),
    visible: async () => {
      const found = new Map<string, string>();
      for await (const page of store.list(location)) {
        for (const { key } of page) found.set(key.slice(location.prefix.length), String(store.content('bucket', key)));
      }
      return found;
    },
    stagedCount: async () => store.stagedCount,
    close: async () => undefined,
  };
});
