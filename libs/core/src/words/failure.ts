/** Why an attempt, a task or a job ended badly: plain data that is stored, sent and shown. */
import { errorCodes, type ErrorCode, type FailureClass } from '../errors/codes.js';
import { asLongshoreError } from '../errors/longshore-error.js';

export interface Failure {
  class: FailureClass;
  code: ErrorCode;
  /** What happened, where, why, and what to do, in sentences a person understands. */
  message: string;
  /** The key of the object at fault, where there is exactly one. */
  objectKey?: string;
  /** The last lines the container printed. */
  log?: string;
  /** Exit code of the command, where it ended by itself. */
  exitCode?: number;
}

export function failure(
  code: ErrorCode,
  message: string,
  facts: Pick<Failure, 'objectKey' | 'log' | 'exitCode'> = {},
): Failure {
  const found = errorCodes[code];
  return { class: found === 'request' ? 'infra' : found, code, message, ...facts };
}

/** The failure that a thrown value stands for; what is not a LongshoreError counts as `code`. */
export function failureOf(thrown: unknown, code: ErrorCode, doing: string): Failure {
  const error = asLongshoreError(thrown, code, doing);
  return failure(error.code, error.sentence, {
    ...(error.objectKey === undefined ? {} : { objectKey: error.objectKey }),
    ...(error.log === undefined ? {} : { log: error.log }),
    ...(error.exitCode === undefined ? {} : { exitCode: error.exitCode }),
  });
}
