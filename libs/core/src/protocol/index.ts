export * from './worker-protocol.js';
export * from './manifest-message.js';
export * from './job-messages.js';
export * from './plan-messages.js';
export * from './problem.js';
export * from './invariant-messages.js';
export * from './token-messages.js';
