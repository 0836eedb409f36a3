/** The one error class of Longshore: a stable code, a sentence that says what, where and why, and what to do about it. */
import { errorCodes, type ErrorCode, type FailureClass } from './codes.js';

/** One thing that is wrong with one field. */
export interface FieldFault {
  /** JSON Pointer (RFC 6901) into the body, such as `/policy/maxAttempts`; for a query, a slash and its name. */
  pointer: string;
  detail: string;
}

export interface ErrorFacts {
  /** What a person should do now, as a sentence. */
  remedy?: string;
  /** The key of the object at fault, where there is exactly one. */
  objectKey?: string;
  /** The last lines the container printed, where a container is at fault. */
  log?: string;
  /** Exit code of the command, where one ended by itself. */
  exitCode?: number;
  /** The fields of a request that are wrong. */
  fields?: readonly FieldFault[];
  cause?: unknown;
}

export class LongshoreError extends Error {
  override readonly name = 'LongshoreError';
  readonly remedy: string | undefined;
  readonly objectKey: string | undefined;
  readonly log: string | undefined;
  readonly exitCode: number | undefined;
  readonly fields: readonly FieldFault[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.remedy = facts.remedy;
    this.objectKey = facts.objectKey;
    this.log = facts.log;
    this.exitCode = facts.exitCode;
    this.fields = facts.fields ?? [];
  }

  /** The class whose budget this error spends when it ends an attempt. */
  get failureClass(): FailureClass {
    const found = errorCodes[this.code];
    return found === 'request' ? 'infra' : found;
  }

  /** Message and remedy as one paragraph. */
  get sentence(): string {
    return this.remedy === undefined ? this.message : `${this.message} ${this.remedy}`;
  }
}

/** Makes any thrown value a LongshoreError; what is one already passes unchanged. */
export function asLongshoreError(thrown: unknown, code: ErrorCode, doing: string): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  return new LongshoreError(code, `${doing}: ${messageOf(thrown)}.`, { cause: thrown });
}

/** The message of whatever was thrown, without a full stop at its end. Read by shape: an error of another realm is no instance of ours. */
export function messageOf(thrown: unknown): string {
  const { message, name } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Partial<Error>;
  const text = [message, name].find((part) => part) ?? String(thrown);
  return text.replace(/\.\s*$/, '');
}
