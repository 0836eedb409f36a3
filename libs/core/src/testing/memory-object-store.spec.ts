import { MemoryObjectStore } from './memory-object-store.js';
import { objectStoreContract } from './object-store-contract.js';

objectStoreContract('the memory store', async () => {
  const store = new MemoryObjectStore();
  store.createBucket('bucket');
  const prefix = 'some/prefix/';
  return {
    store,
    other: new MemoryObjectStore(store),
    location: { bucket: 'bucket', prefix },
    missing: { bucket: 'nowhere', prefix: '' },
    put: async (name, content) => store.put('bucket', prefix + name, content),
    remove: async (name) => store.remove('bucket', prefix + name),
    readPublished: async (name) => store.content('bucket', prefix + name),
    listPublished: async () => store.keys('bucket').map((key) => key.slice(prefix.length)),
    leftovers: async () => Array.from({ length: store.stagedCount }, () => 'a staged output'),
    close: async () => undefined,
  };
});
