import { jobStoreContract } from './job-store-contract.js';
import { MemoryJobStore } from './memory-job-store.js';

jobStoreContract('MemoryJobStore', async () => {
  const store = new MemoryJobStore();
  return { store, close: () => store.close() };
});
