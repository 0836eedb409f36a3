export * from './batching-rule.js';
export * from './batcher.js';
export * from './cut-tasks.js';
export * from './pace.js';
export { largestBytes } from './piece.js';
export * from './task-sizer.js';
