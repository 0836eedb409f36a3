export { SqliteJobStore } from './sqlite-job-store.js';
