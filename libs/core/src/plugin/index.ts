export * from './job-plugin.js';
export * from './define-job-plugin.js';
export * from './params.js';
export * from './memory-size.js';
export * from './hooks.js';
export * from './csv-report.js';
export * from './resource-limits.js';
export * from './container-policy.js';
