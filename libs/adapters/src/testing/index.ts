export { MotoServer } from './moto-server.js';
