export * from './chance.js';
export * from './clock.js';
export * from './object-store.js';
export * from './container-engine.js';
export * from './notifier.js';
export * from './job-store.js';
export * from './state-copier.js';
