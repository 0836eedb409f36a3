export * from './run-end.js';
export * from './run-report.js';
