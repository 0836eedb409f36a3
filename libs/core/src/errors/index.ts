export * from './codes.js';
export * from './longshore-error.js';
