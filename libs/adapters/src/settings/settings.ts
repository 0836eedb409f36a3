/** Reads the environment of a process once, at its start; a bad value stops the start with a sentence that names the variable. */
import { LongshoreError } from '@longshore/core';
import { readSecretFile } from './secret-file.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export class Settings {
  constructor(private readonly environment: Environment) {}

  text(name: string, fallback: string): string {
    return this.value(name) ?? fallback;
  }

  /** @throws LongshoreError `invalid-configuration` */
  required(name: string, meaning: string, remedy = `Set ${name}.`): string {
    const value = this.value(name);
    if (value !== undefined) return value;
    throw new LongshoreError('invalid-configuration', `${name} is not set; it says ${meaning}.`, { remedy });
  }

  /** Values separated by commas, empty ones dropped. */
  list(name: string): string[] {
    return (this.value(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  number(name: string, fallback: number, range: { min: number; max: number; integer?: boolean }): number {
    const value = this.value(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    const fits = number >= range.min && number <= range.max && (!range.integer || Number.isInteger(number));
    if (fits) return number;
    const kind = range.integer ? 'a whole number' : 'a number';
    throw this.refused(name, value, `${kind} from ${range.min} to ${range.max}`);
  }

  choice<T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    const value = this.value(name);
    if (value === undefined) return fallback;
    if ((choices as readonly string[]).includes(value)) return value as T;
    throw this.refused(name, value, `one of ${choices.join(', ')}`);
  }

  switch(name: string): boolean {
    return this.choice(name, 'false', ['true', 'false']) === 'true';
  }

  /**
   * A secret, from the variable itself or from the file that `<name>_FILE` names, which nobody else may read.
   *
   * @throws LongshoreError `invalid-configuration`, which never shows the secret
   */
  secret(name: string): string | undefined {
    const [value, path] = [this.value(name), this.value(`${name}_FILE`)];
    if (value !== undefined && path !== undefined) {
      throw new LongshoreError('invalid-configuration', `${name} and ${name}_FILE are both set.`, {
        remedy: 'Unset one of them.',
      });
    }
    return path === undefined ? value : readSecretFile(path, `${name}_FILE`);
  }

  private value(name: string): string | undefined {
    const value = this.environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  private refused(name: string, value: string, wanted: string): LongshoreError {
    return new LongshoreError('invalid-configuration', `${name} is "${value}", but must be ${wanted}.`, {
      remedy: `Set ${name} to ${wanted}, or unset it.`,
    });
  }
}
