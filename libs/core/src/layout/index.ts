export * from './key-order.js';
export * from './left-out.js';
export * from './object-name.js';
export * from './output-endings.js';
export * from './selection.js';
export * from './workspace-conflicts.js';
