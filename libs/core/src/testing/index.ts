export * from './container-engine-contract.js';
export * from './scripted-container-engine.js';
