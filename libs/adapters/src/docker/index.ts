export * from './docker-container-engine.js';
export { engineFacts, imageStanding, type EngineFacts, type ImageStanding } from './engine-facts.js';
