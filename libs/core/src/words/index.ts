export * from './failure.js';
export * from './location.js';
export * from './object-ref.js';
export * from './manifest.js';
export * from './task.js';
export * from './attempt.js';
export * from './job.js';
export * from './worker.js';
