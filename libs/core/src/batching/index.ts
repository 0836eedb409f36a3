export * from './batching-rule.js';
export * from './batcher.js';
