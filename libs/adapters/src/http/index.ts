export { requestJson, type JsonRequest } from './json-request.js';
