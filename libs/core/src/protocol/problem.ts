/** Errors as they travel: problem details of RFC 9457, with our stable code. */
import { isErrorCode, type ErrorCode } from '../errors/codes.js';
import { LongshoreError, type FieldFault } from '../errors/longshore-error.js';

export type { FieldFault };

export interface Problem {
  /** `urn:longshore:error:<code>` */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  /** The original system's word for the same thing, where its workers look for one. */
  reason?: string;
  remedy?: string;
  /** One for each field that is wrong. */
  errors?: FieldFault[];
}

/** The error that a problem stands for, as thrown on the other side; undefined for an answer that is no problem of ours. */
export function errorOfProblem(body: unknown): LongshoreError | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, remedy, errors } = body as Partial<Problem>;
  if (!isErrorCode(code)) return undefined;
  return new LongshoreError(code, detail ?? code, {
    ...(remedy !== undefined && { remedy }),
    ...(Array.isArray(errors) && { fields: errors }),
  });
}
