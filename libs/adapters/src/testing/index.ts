export { MotoServer } from './moto-server.js';
export { PrivateEngine } from './private-engine.js';
