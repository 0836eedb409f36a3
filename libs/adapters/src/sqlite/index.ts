export { SqliteJobStore } from './sqlite-job-store.js';
export { SqliteStateCopier } from './sqlite-state-copier.js';
export { restoreState } from './state-files.js';
export { SqliteScratch } from './sqlite-scratch.js';
