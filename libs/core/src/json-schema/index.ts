/** JSON Schemas (draft 2020-12) made from the classes that check requests, parameters and job files; a door of its own, because few need it. */
export * from './message-schemas.js';
export * from './params-schema.js';
export * from './job-fields.js';
export * from './job-schema.js';
