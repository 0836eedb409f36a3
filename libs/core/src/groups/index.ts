export * from './job-group.js';
export * from './group-variables.js';
export * from './group-finder.js';
export * from './group-faults.js';
