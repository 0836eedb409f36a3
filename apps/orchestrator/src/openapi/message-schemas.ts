/** JSON Schemas of requests, which the command line makes from the same classes. */
export * from '@longshore/core/json-schema';
