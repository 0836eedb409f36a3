/** Makes the fields of a form from the schema of a plugin's parameters, and reads back what was typed. */

export interface ParamField {
  name: string;
  kind: 'number' | 'integer' | 'text' | 'choice' | 'switch' | 'json';
  label: string;
  /** What it must be, in words. */
  hint: string;
  required: boolean;
  /** As it is typed; empty where there is no default. */
  initial: string;
  choices: string[];
  minimum?: number;
  maximum?: number;
}

interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
}

export function paramFields(schema: Record<string, unknown>): ParamField[] {
  const { properties = {}, required = [] } = schema as Schema;
  return Object.entries(properties).map(([name, each]) => ({
    name,
    kind: kindOf(each),
    label: each.title ?? inWords(name),
    hint: hintOf(each),
    required: required.includes(name) && each.default === undefined,
    initial: typed(each.default),
    choices: (each.enum ?? []).map(typed),
    ...(each.minimum !== undefined && { minimum: each.minimum }),
    ...(each.maximum !== undefined && { maximum: each.maximum }),
  }));
}

/**
 * The parameters that differ from their defaults; the plugin knows those itself.
 *
 * What cannot be read as its kind is sent as it was typed, so that the orchestrator says what is wrong with it.
 */
export function readFields(fields: readonly ParamField[], values: Record<string, string>): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const field of fields) {
    const text = values[field.name] ?? field.initial;
    if (text === field.initial || (text === '' && !field.required)) continue;
    params[field.name] = read(field, text);
  }
  return params;
}

function read({ kind }: ParamField, text: string): unknown {
  if (kind === 'switch') return text === 'true';
  if (kind === 'number' || kind === 'integer') {
    const number = Number(text);
    return text.trim() === '' || Number.isNaN(number) ? text : number;
  }
  if (kind !== 'json') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function kindOf({ type, enum: choices }: Schema): ParamField['kind'] {
  if (choices) return 'choice';
  const one = Array.isArray(type) ? type.find((each) => each !== 'null') : type;
  if (one === 'integer' || one === 'number') return one;
  if (one === 'boolean') return 'switch';
  return one === 'string' ? 'text' : 'json';
}

function typed(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function hintOf(schema: Schema): string {
  const {
    description,
    minimum,
    maximum,
    exclusiveMinimum: above,
    exclusiveMaximum: below,
    minLength,
    maxLength,
  } = schema;
  const limits = [
    minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : undefined,
    minimum !== undefined && maximum === undefined ? `${minimum} or more` : undefined,
    maximum !== undefined && minimum === undefined ? `${maximum} at most` : undefined,
    above !== undefined ? `more than ${above}` : undefined,
    below !== undefined ? `less than ${below}` : undefined,
    minLength !== undefined && minLength > 1 ? `at least ${minLength} characters` : undefined,
    maxLength !== undefined ? `at most ${maxLength} characters` : undefined,
    schema.pattern !== undefined ? `like ${schema.pattern}` : undefined,
  ].filter((limit) => limit !== undefined);
  return [description, limits.join(', ')].filter((text) => text !== undefined && text !== '').join(' · ');
}

/** `minArea` as a person writes it. */
function inWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
