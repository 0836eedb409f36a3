export { openEvents, type EventConnection, type EventRequest, type SentEvent } from './event-connection.js';
export { requestJson, type JsonRequest } from './json-request.js';
export { requestStream, type StreamRequest } from './stream-request.js';
