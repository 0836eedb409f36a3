/** Which failures are of one cause: one code, and messages that differ in names and numbers alone. */
import { createHash } from 'node:crypto';
import type { Failure } from '../words/failure.js';

export interface FailureKind {
  id: string;
  pattern: string;
}

/** A job whose failures all differ does not make a group of each: what comes behind so many goes into one group for each code. */
export const failureGroupsPerJob = 500;

const longestPattern = 300;

/** Quoted names, paths, ids and numbers: what differs from one failure to the next of the same cause. */
const particular = [
  /"[^"]*"|'[^']*'|“[^”]*”|`[^`]*`/g,
  /(?:[a-z][a-z0-9+.-]*:\/\/|(?<=^|[\s(:=,]))\/?(?:[^\s/:(),]+\/)+[^\s:(),]*/gi,
  /\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b/gi,
  /\d+(?:[.,:]\d+)*/g,
];

export function failureKind({ code, message, objectKey }: Failure): FailureKind {
  const named = objectKey === undefined || objectKey === '' ? message : message.replaceAll(objectKey, '…');
  const short = named.slice(0, 4 * longestPattern);
  const pattern = particular
    .reduce((text, what) => text.replace(what, '…'), short)
    .replace(/…(?:[\s.,:/-]*…)+/g, '…')
    .slice(0, longestPattern);
  return { id: `${code}.${createHash('sha256').update(pattern).digest('hex').slice(0, 12)}`, pattern };
}

/** The group for failures of a code that differ too much. */
export function manifoldKind({ code }: Failure): FailureKind {
  return { id: `${code}.other`, pattern: '…' };
}
