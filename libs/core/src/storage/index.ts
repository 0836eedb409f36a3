export * from './storage-policy.js';
export * from './storage-settings.js';
