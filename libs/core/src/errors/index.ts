export * from './codes.js';
export * from './longshore-error.js';
export * from './field-faults.js';
