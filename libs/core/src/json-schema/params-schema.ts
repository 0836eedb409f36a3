/** The schema of a plugin's parameters: made from the class that checks them, with its initial values as defaults. */
import type { JobPlugin } from '../plugin/job-plugin.js';
import { messageClasses, messageSchema, type Schema } from './message-schemas.js';

export function paramsSchema({ params }: JobPlugin): Schema {
  const nested = [...messageClasses(params).values()].filter((one) => one !== params);
  const definitions = Object.fromEntries(nested.map((one) => [one.name, localRefs(messageSchema(one))]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...withDefaults(localRefs(messageSchema(params)), new params() as Record<string, unknown>),
    ...(nested.length > 0 && { $defs: definitions }),
  };
}

/** A field that has a default may be left out. */
function withDefaults(schema: Schema, initial: Record<string, unknown>): Schema {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Schema>; required?: string[] };
  const known = Object.entries(properties).map(([name, property]): [string, Schema] => {
    const value = initial[name];
    return [name, value === undefined ? property : { ...property, default: value }];
  });
  const missing = required.filter((name) => initial[name] === undefined);
  const { required: _all, ...rest } = schema;
  return { ...rest, properties: Object.fromEntries(known), ...(missing.length > 0 && { required: missing }) };
}

function localRefs(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"#/$defs/')) as Schema;
}
