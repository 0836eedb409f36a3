/** How many dead objects a job may have and still count as completed. */
import { LongshoreError } from '../errors/longshore-error.js';

/** @param tolerated a count, or a share of all objects such as `2%` or `0.5%` */
export function toleratedObjects(tolerated: number | string, objects: number): number {
  if (typeof tolerated === 'number') return tolerated;
  return Math.floor((readPercent(tolerated) / 100) * objects + 1e-9);
}

/** @throws LongshoreError `invalid-request` */
export function readPercent(text: string): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent);
  throw new LongshoreError('invalid-request', `"${text}" is no share of the objects.`, {
    remedy: 'Write a whole number of objects, or a percentage from 0% to 100%.',
  });
}
