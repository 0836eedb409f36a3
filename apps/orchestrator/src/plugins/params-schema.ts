/** The schema of a plugin's parameters, which the command line makes from the same class. */
export { paramsSchema } from '@longshore/core/json-schema';
