export * from './process-container-engine.js';
