export * from './carried.js';
export * from './done-record.js';
export * from './own-place.js';
export * from './standing.js';
export * from './standing-text.js';
