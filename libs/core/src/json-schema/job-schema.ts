/** The schema of a job file: that of the request which the jobs API takes, with what a file may say besides, and every field explained. */
import { CreateJobRequest } from '../protocol/job-messages.js';
import type { JobPlugin } from '../plugin/job-plugin.js';
import { jobFields, storageFields } from './job-fields.js';
import { messageSchema, messageClasses, type Schema } from './message-schemas.js';
import { paramsSchema } from './params-schema.js';

const refPrefix = '#/components/schemas/';

/** @param plugin whose parameters are described as well */
export function jobSchema(plugin?: JobPlugin): Schema {
  const request = explained(messageSchema(CreateJobRequest), '');
  const {
    properties = {},
    required: _fromCommandLine,
    ...rest
  } = request as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  const { $schema, ...params } = plugin ? paramsSchema(plugin) : { $schema: undefined };
  return {
    $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema',
    title: plugin ? `A job of Longshore with the plugin ${plugin.name}` : 'A job of Longshore',
    description: 'What the file does not say, options of the command line may.',
    ...(rest as Schema),
    properties: {
      ...properties,
      ...(plugin && { params: { ...properties.params, ...params } }),
      batching: withSizes(properties.batching ?? {}),
      groups: { ...words('groups'), anyOf: [bare(properties.groups ?? {}), { type: 'string', minLength: 1 }] },
    },
  };
}

/** Every schema stands where it is used, so that each field can be explained in its own place. */
function explained(schema: Schema, path: string): Schema {
  const whole = { ...resolved(schema), ...words(path) };
  const { properties, items } = whole as { properties?: Record<string, Schema>; items?: Schema };
  const known = Object.entries(properties ?? {}).map(([name, inner]): [string, Schema] => [
    name,
    explained(inner, path === '' ? name : `${path}.${name}`),
  ]);
  return {
    ...whole,
    ...(properties && { properties: Object.fromEntries(known) }),
    ...(items && { items: bare(explained(items, path)) }),
  };
}

function resolved(schema: Schema): Schema {
  const { $ref, ...rest } = schema as { $ref?: string };
  if ($ref === undefined) return schema;
  const name = $ref.slice(refPrefix.length);
  const target = messageClasses(CreateJobRequest).get(name);
  return target ? { ...messageSchema(target), ...rest } : rest;
}

/** Links of the page are no links in an editor. */
function words(path: string): Schema {
  const text = jobFields[path] ?? storageFields[path];
  if (!text) return {};
  const otherwise = text.otherwise === undefined ? '' : ` Otherwise: ${plain(text.otherwise)}.`;
  const meaning = plain(text.meaning);
  return { title: text.title, description: `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.${otherwise}` };
}

function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, 'docs/$1').replaceAll('`', '');
}

function bare({ title: _title, description: _description, ...rest }: Schema): Schema {
  return rest;
}

function withSizes(batching: Schema): Schema {
  const { properties = {} } = batching as { properties?: Record<string, Schema> };
  const { maxBytes = {} } = properties;
  const size = { type: 'string', pattern: '^\\s*\\d+(\\.\\d+)?\\s*([kKmMgGtT][iI]?)?[bB]?\\s*$' };
  return {
    ...batching,
    properties: { ...properties, maxBytes: { ...words('batching.maxBytes'), anyOf: [bare(maxBytes), size] } },
  };
}
