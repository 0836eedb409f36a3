/** A fault of a job in words: the field, what is wrong with it, and what would be right. */
import type { RequestFault } from '@longshore/core/protocol';
import { nearestName } from './nearest-name.js';

/** @param value what stands there */
export function faultWords({ path, message, known }: RequestFault, value: unknown): string {
  // What is wrong with a field names the field; what is wrong with one of a list does not.
  const around = /^\d+$/.test(path.at(-1) ?? '') ? path : path.slice(0, -1);
  const at = around.length > 0 ? `${around.join('.')}: ` : '';
  return `${at}${message}${known ? nameHint(path.at(-1) ?? '', known) : valueHint(message, value)}`;
}

/** Of what is no number, nobody wants to hear that it is not less than 10 either. */
export function tellingFaults(faults: readonly RequestFault[]): RequestFault[] {
  const byField = Map.groupBy(faults, ({ path }) => JSON.stringify(path));
  return [...byField.values()].flatMap((found) => {
    const kind = found.find(({ message }) =>
      /must be (an? )?(integer|number|string|boolean|array|object)/.test(message),
    );
    return kind ? [kind] : found;
  });
}

function nameHint(written: string, known: readonly string[]): string {
  const meant = nearestName(written, known);
  if (known.length === 0) return '; there are no names to give here';
  return meant === undefined ? `; known are ${known.join(', ')}` : `; did you mean "${meant}"?`;
}

function valueHint(message: string, value: unknown): string {
  const choices = /one of the following values: ([^;]*)$/.exec(message)?.[1]?.split(', ');
  if (choices && typeof value === 'string') {
    const meant = nearestName(value, choices);
    return meant === undefined ? '' : `; did you mean "${meant}"?`;
  }
  if (message.includes('boolean') && typeof value === 'string') {
    const meant = { yes: 'true', on: 'true', no: 'false', off: 'false' }[value.toLowerCase()];
    return `; write ${meant ?? 'true or false'}, without quotes`;
  }
  if (message.includes('string') && ['number', 'boolean'].includes(typeof value)) {
    return `; "${String(value)}" in quotes is text`;
  }
  if (
    message.includes('number') &&
    typeof value === 'string' &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  ) {
    return `; write ${value.trim()}, without quotes`;
  }
  return '';
}
