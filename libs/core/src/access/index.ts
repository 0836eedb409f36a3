export * from './access-token.js';
export * from './token-rules.js';
export * from './token-secret.js';
