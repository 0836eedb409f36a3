export * from './new-task.js';
export * from './task-transitions.js';
export * from './job-transitions.js';
export * from './lease-rules.js';
export * from './failure-rules.js';
export * from './job-rules.js';
export * from './manifest-rules.js';
