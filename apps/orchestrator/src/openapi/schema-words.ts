/** Small words to write the schema of an answer with; the compiler sees to it that every field of its type is described, and no other. */
export interface Described<T> {
  readonly schema: Record<string, unknown>;
  /** Never there: it lets the compiler tell the schema of one type from that of another. */
  readonly of?: T;
}

/** A field that may be absent. */
export interface Maybe<T> extends Described<T> {
  readonly optional: true;
}

type Fields<T> = { [K in keyof T]-?: undefined extends T[K] ? Maybe<NonNullable<T[K]>> : Described<T[K]> };

export function text(more: Record<string, unknown> = {}): Described<string> {
  return { schema: { type: 'string', ...more } };
}

export const time = text({ format: 'date-time' });

export function integer(more: Record<string, unknown> = {}): Described<number> {
  return { schema: { type: 'integer', minimum: 0, ...more } };
}

export function amount(more: Record<string, unknown> = {}): Described<number> {
  return { schema: { type: 'number', minimum: 0, ...more } };
}

export const truth: Described<boolean> = { schema: { type: 'boolean' } };
export const always: Described<true> = { schema: { const: true } };

export function oneOf<const T extends string>(values: readonly T[]): Described<T> {
  return { schema: { enum: [...values] } };
}

export function list<T>(items: Described<T>, more: Record<string, unknown> = {}): Described<T[]> {
  return { schema: { type: 'array', items: items.schema, ...more } };
}

/** An object of which only the plugin, or the worker, knows what is in it. */
export const anyFields: Described<Record<string, unknown>> = { schema: { type: 'object' } };

export function each<K extends string, T>(names: readonly K[], of: Described<T>): Described<Record<K, T>> {
  const properties = Object.fromEntries(names.map((name) => [name, of.schema]));
  return { schema: { type: 'object', required: [...names], properties, additionalProperties: false } };
}

export function maybe<T>(of: Described<T>): Maybe<T> {
  return { schema: of.schema, optional: true };
}

export function fields<T extends object>(of: Fields<T>): Described<T> {
  const entries = Object.entries(of) as [string, Described<unknown> & { optional?: true }][];
  return {
    schema: {
      type: 'object',
      required: entries.filter(([, { optional }]) => !optional).map(([name]) => name),
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
      additionalProperties: false,
    },
  };
}

export function explained<T extends Described<unknown>>(of: T, description: string): T {
  return { ...of, schema: { ...of.schema, description } };
}

/** Another schema of the same document. */
export function named<T>(name: string): Described<T> {
  return { schema: { $ref: `#/components/schemas/${name}` } };
}

export function eitherOf<T>(...kinds: readonly Described<unknown>[]): Described<T> {
  return { schema: { anyOf: kinds.map(({ schema }) => schema) } };
}
