export { forgetSecrets } from './secret-file.js';
export { Settings, type Environment } from './settings.js';
export { endProcess, startProcess, tellParent, type ProcessMessage } from './start-process.js';
export { clusterName } from './cluster-name.js';
export { storagePolicy } from './storage-policy.js';
export { traceSettings, type TraceSettings } from './trace-settings.js';
