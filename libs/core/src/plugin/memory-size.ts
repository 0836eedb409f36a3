/** Sizes as people write them. */
import { LongshoreError } from '../errors/longshore-error.js';

const units: Record<string, number> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/**
 * Reads `512MiB`, `1.5GiB`, `2GB` or a plain number of bytes.
 *
 * @returns bytes
 * @throws LongshoreError `invalid-configuration`
 */
export function parseBytes(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = units[match?.[2]?.toUpperCase() ?? ''];
  if (!match || unit === undefined) {
    throw new LongshoreError('invalid-configuration', `"${text}" is not a size.`, {
      remedy: 'Write a number with a unit, such as 512MiB or 4GiB.',
    });
  }
  return Math.round(Number(match[1]) * unit);
}

/** Bytes as a short text for people, in powers of 1024. */
export function formatBytes(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(names.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${names[power]}`;
}
