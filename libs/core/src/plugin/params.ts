/** Turns what a user wrote into the parameters of a plugin, or says field by field what is wrong. */
import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { fieldFaults } from '../errors/field-faults.js';
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobPlugin, ParamsClass } from './job-plugin.js';

/**
 * Checked parameters with the plugin's defaults filled in. Text is converted where the class says number or boolean, so that
 * values may come from a command line.
 *
 * @throws LongshoreError `invalid-parameters`
 */
export function readParams<Params extends object>(
  plugin: Pick<JobPlugin<Params>, 'name' | 'params'>,
  given: Record<string, unknown>,
): Params {
  const typed = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, converted(value, declaredType(plugin.params, name))]),
  );
  const params = plainToInstance(plugin.params, typed, { exposeDefaultValues: true });
  const errors = validateSync(params, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  if (errors.length === 0) return params;
  const known = parameterNames(plugin.params);
  throw new LongshoreError(
    'invalid-parameters',
    `The parameters of ${plugin.name} are wrong: ${describeErrors(errors)}.`,
    {
      remedy: known.length === 0 ? 'This plugin takes none.' : `It knows ${known.join(', ')}.`,
      fields: fieldFaults(errors, ['params']),
    },
  );
}

/** The names of a plugin's parameters. */
export function parameterNames(params: ParamsClass<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(params, '', true, false);
  return [...new Set(metadata.map((entry) => entry.propertyName))].sort();
}

/** Plain JavaScript declares none: there the initial value says it. */
function declaredType(params: ParamsClass<object>, name: string): unknown {
  const declared: unknown = Reflect.getMetadata('design:type', params.prototype as object, name);
  if (declared !== undefined) return declared;
  const initial = (new params() as Record<string, unknown>)[name];
  return initial === undefined || initial === null ? undefined : initial.constructor;
}

/**
 * What was given, as the class declares it. What stands for no such value stays as it is and fails its check; the conversion that
 * class-transformer offers takes the text "false" for true and no text at all for 0.
 */
function converted(given: unknown, type: unknown): unknown {
  if (type === String && (typeof given === 'number' || typeof given === 'boolean')) return String(given);
  if (typeof given !== 'string') return given;
  if (type === Number && given.trim() !== '') return Number(given);
  if (type === Boolean && (given === 'true' || given === 'false')) return given === 'true';
  return given;
}

/** Validation errors as one text, the path of every field included. */
export function describeErrors(errors: readonly ValidationError[], path = ''): string {
  return errors
    .flatMap((error) => {
      const field = path === '' ? error.property : `${path}.${error.property}`;
      const own = Object.values(error.constraints ?? {});
      const inner = error.children?.length ? [describeErrors(error.children, field)] : [];
      return [...own.map((text) => (path === '' ? text : `${field}: ${text}`)), ...inner];
    })
    .join('; ');
}
