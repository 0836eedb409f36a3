export { requestJson, type JsonRequest } from './json-request.js';
export { requestStream, type StreamRequest } from './stream-request.js';
