/** JSON Schemas of requests and parameters, made from the very classes that check them. */
import 'reflect-metadata';
import { getMetadataStorage } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { createRequire } from 'node:module';
import { mostGroups } from '../groups/group-faults.js';

export type MessageClass = abstract new () => object;
export type Schema = Record<string, unknown>;

interface TypeStorage {
  findTypeMetadata(target: unknown, property: string): { typeFunction(): MessageClass } | undefined;
}

// The package has no other door to it, and a second copy of the module would be empty.
const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: TypeStorage;
};

const oneOrMore = (one: Schema) => ({ anyOf: [one, { type: 'array', items: one, minItems: 1, maxItems: 256 }] });

const pattern = { type: 'string', minLength: 1, maxLength: 1_024 };
const patternOrPrefix = { anyOf: [pattern, { type: 'object', properties: { prefix: pattern }, required: ['prefix'] }] };

const texts = { type: 'object', additionalProperties: { type: 'string' } };

/** Checks of our own that the library does not know, by their names. */
const ownChecks = {
  'one or more: integer': oneOrMore({ type: 'integer' }),
  'one or more: reason': oneOrMore({ type: 'string' }),
  groups: {
    type: 'array',
    minItems: 1,
    maxItems: mostGroups,
    items: {
      type: 'object',
      properties: {
        variables: { type: 'object' },
        objects: { type: 'array', minItems: 1, items: patternOrPrefix },
      },
      additionalProperties: false,
    },
  },
  variables: { type: 'object' },
  endpoint: { type: 'string', pattern: '^https?://[^@?#]+$', maxLength: 2_048 },
  'content types': texts,
  metadata: texts,
  tags: { ...texts, maxProperties: 10 },
  tolerance: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' },
    ],
  },
};

const options = {
  refPointerPrefix: '#/components/schemas/',
  classTransformerMetadataStorage: defaultMetadataStorage,
  additionalConverters: ownChecks,
};

/** The schema of a class; a field that nobody knows is refused where `closed`. */
export function messageSchema(target: MessageClass, closed = true): Schema {
  const found = targetConstructorToSchema(target, options as never) as Schema;
  return { type: 'object', properties: {}, ...found, ...(closed && { additionalProperties: false }) };
}

/** The classes of its fields, theirs too, and itself, by name. */
export function messageClasses(
  target: MessageClass,
  known = new Map<string, MessageClass>(),
): Map<string, MessageClass> {
  if (known.has(target.name)) return known;
  known.set(target.name, target);
  for (const { propertyName } of getMetadataStorage().getTargetValidationMetadatas(target, '', true, false)) {
    const nested = defaultMetadataStorage.findTypeMetadata(target, propertyName)?.typeFunction();
    if (nested && getMetadataStorage().getTargetValidationMetadatas(nested, '', true, false).length > 0) {
      messageClasses(nested, known);
    }
  }
  return known;
}

/** The fields of a class as parameters of a query. */
export function queryParameters(target: MessageClass): { name: string; required: boolean; schema: Schema }[] {
  const { properties = {}, required = [] } = messageSchema(target) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, required: required.includes(name), schema }));
}
