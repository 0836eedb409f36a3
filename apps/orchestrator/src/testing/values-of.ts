/** Makes values of a schema, right ones and wrong ones, from a seed. */
import type { SeededChance } from '@longshore/core/testing';

type Schema = Record<string, unknown>;

/** What has broken programs before. */
const strange: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  ' ',
  'last',
  '../../etc/passwd',
  '%00',
  '\u0000\u001b[2J',
  '\u202egnp.exe',
  '<img src=x onerror=alert(1)>',
  "'; DROP TABLE jobs; --",
  'NaN',
  '1e999',
  '-1.-1',
  '\ud800',
  '😀'.repeat(300),
  [],
  [[]],
  {},
  { a: { b: [1] } },
];

export class ValuesOf {
  constructor(
    private readonly chance: SeededChance,
    private readonly schemas: Record<string, Schema>,
    /** Values of fields that mean something here, by the names of the fields. */
    private readonly sensible: Record<string, readonly unknown[]>,
  ) {}

  oneIn(many: number): boolean {
    return this.chance.fraction() < 1 / many;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.chance.fraction() * from.length)]!;
  }

  strange(): unknown {
    return this.pick(strange);
  }

  /** Mostly as the schema says. */
  value(schema: Schema, depth = 0): unknown {
    if (this.oneIn(25) || depth > 8) return this.strange();
    const {
      $ref,
      anyOf,
      enum: names,
      type,
      items,
    } = schema as {
      $ref?: string;
      anyOf?: Schema[];
      enum?: unknown[];
      type?: string;
      items?: Schema;
    };
    if ($ref !== undefined) return this.value(this.schemas[$ref.split('/').at(-1)!]!, depth + 1);
    if (anyOf) return this.value(this.pick(anyOf), depth + 1);
    if (names) return this.pick(names);
    if ('const' in schema) return schema.const;
    switch (type) {
      case 'array':
        return Array.from({ length: Math.floor(this.chance.fraction() * 4) }, () => this.value(items ?? {}, depth + 1));
      case 'object':
        return this.object(schema, depth);
      case 'integer':
      case 'number':
        return this.number(schema);
      case 'boolean':
        return this.oneIn(2);
      case 'string':
        return this.text(schema);
      default:
        return this.strange();
    }
  }

  private object(schema: Schema, depth: number): Record<string, unknown> {
    const { properties = {}, required = [] } = schema as { properties?: Record<string, Schema>; required?: string[] };
    const wanted = Object.entries(properties).filter(([name]) =>
      required.includes(name) ? !this.oneIn(30) : this.oneIn(2),
    );
    const known = wanted.map(([name, property]): [string, unknown] => {
      const sensible = this.oneIn(6) ? undefined : this.sensible[name];
      return [name, sensible ? this.pick(sensible) : this.value(property, depth + 1)];
    });
    return Object.fromEntries([...known, ...(this.oneIn(20) ? [['unknown', this.strange()] as const] : [])]);
  }

  private number(schema: Schema): number {
    const { minimum = 0, maximum = 1_000, type } = schema as { minimum?: number; maximum?: number; type?: string };
    if (this.oneIn(6)) return this.pick([minimum, maximum, minimum - 1, maximum + 1]);
    const value = minimum + this.chance.fraction() * (Math.min(maximum, 1_000) - minimum);
    return type === 'integer' ? Math.round(value) : value;
  }

  private text({ minLength = 0, maxLength = 40 }: { minLength?: number; maxLength?: number }): string {
    if (this.oneIn(10)) return 'x'.repeat(maxLength + 1);
    const length = Math.max(minLength, Math.floor(this.chance.fraction() * Math.min(maxLength, 12)));
    return Array.from({ length }, () => this.pick([...'abcxyz019-_./ é"\\'])).join('');
  }
}
