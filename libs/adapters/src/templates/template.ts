/** One template: read from a file of Longshore or of the operator, looked through, and tried out. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { LongshoreError, messageOf } from '@longshore/core';
import { faultsIn } from './unknown-names.js';

export const templateParts = ['subject', 'text', 'html'] as const;
export type TemplatePart = (typeof templateParts)[number];

/** Mistakes of one template that are told at once. */
const mostFaults = 5;

export class Template {
  private constructor(
    private readonly path: string,
    private readonly compiled: (view: object) => string,
  ) {}

  /**
   * @param everything a view that has every name there may be
   * @throws LongshoreError `invalid-configuration`, which names the file, the line and what is known there
   */
  static read(path: string, part: TemplatePart, everything: object): Template {
    const escapes = part === 'html';
    try {
      const source = readFileSync(path, 'utf8');
      const faults = faultsIn(Handlebars.parse(source), everything, escapes);
      if (faults.length > 0)
        throw new Error(
          faults
            .slice(0, mostFaults)
            .map(({ line, column, what }) => `line ${line}, column ${column}: ${what}`)
            .join('; '),
        );
      // Handlebars reaches no prototypes by itself; nothing here lets it.
      const compiled = Handlebars.compile<object>(source, { noEscape: !escapes, knownHelpersOnly: true, strict: true });
      return new Template(path, (view) => compiled(view));
    } catch (thrown) {
      throw broken(path, thrown);
    }
  }

  /** @throws LongshoreError `invalid-configuration` */
  render(view: object): string {
    try {
      return this.compiled(view);
    } catch (thrown) {
      throw broken(this.path, thrown);
    }
  }
}

function broken(path: string, thrown: unknown): LongshoreError {
  const why = messageOf(thrown).replace(/\n+/g, ' ');
  return new LongshoreError('invalid-configuration', `The template ${path} cannot be used: ${why}.`, {
    remedy: 'Mend it, or take it out of the folder LONGSHORE_TEMPLATES for the words Longshore has.',
    cause: thrown,
  });
}
