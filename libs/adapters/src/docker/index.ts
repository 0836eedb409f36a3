export * from './docker-container-engine.js';
