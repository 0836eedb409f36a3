/** Turns every error into problem details; the only place that knows HTTP status codes. */
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { LongshoreError, messageOf, type ErrorCode } from '@longshore/core';
import type { Problem } from '@longshore/core/protocol';
import type { Response } from 'express';
import { Audit } from '../access/audit.js';
import type { KnownRequest } from '../access/caller.js';
import { TooManyRequests } from '../access/request-limits.js';
import { Happenings } from '../events/happenings.js';
import { RouteTable } from './route-table.js';

export const statusOf: Partial<Record<ErrorCode, number>> = {
  'job-not-found': 404,
  'report-not-found': 404,
  'task-not-found': 404,
  'token-not-found': 404,
  'route-not-found': 404,
  'worker-unknown': 404,
  'not-authenticated': 401,
  'token-revoked': 401,
  'not-allowed': 403,
  'storage-refused': 403,
  'method-not-allowed': 405,
  'request-too-large': 413,
  'too-many-requests': 429,
  'nothing-pending': 400,
  'invalid-request': 400,
  'invalid-parameters': 400,
  'location-invalid': 400,
  // Of what a request names; the storage is another one's.
  'location-not-found': 400,
  'access-denied': 400,
  'plugin-unknown': 400,
  'output-collision': 400,
  'output-missing': 400,
  'hook-failed': 400,
  'request-differs': 422,
  'stale-fence': 409,
  'transition-refused': 409,
  'wrong-cluster': 409,
  'disk-full': 503,
  'not-ready': 503,
  'shutting-down': 503,
  'storage-failed': 503,
  'state-damaged': 503,
};

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger(ProblemFilter.name);

  constructor(
    private readonly routes: RouteTable,
    private readonly audit: Audit,
    private readonly happenings: Happenings,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<KnownRequest>(), http.getResponse<Response>()];
    if (response.headersSent) return;
    const problem = this.problem(thrown, request);
    this.happenings.refused.emit(problem.code);
    if (problem.status === 401 || problem.status === 403) this.audit.refused(request, problem);
    response.set(this.headersOf(thrown, problem, request));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private problem(thrown: unknown, request: KnownRequest): Problem {
    if (thrown instanceof LongshoreError) return problemOf(thrown, statusOf[thrown.code] ?? 500);
    const status = thrown instanceof HttpException ? thrown.getStatus() : clientErrorStatus(thrown);
    if (status === 404) return this.unknownRoute(request);
    if (status === 413) return problemOf(new LongshoreError('request-too-large', 'The body is too large.'), status);
    if (status !== undefined) return problemOf(new LongshoreError('invalid-request', messageOf(thrown)), status);
    this.log.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    return problemOf(new LongshoreError('internal-error', 'Something went wrong inside; the log says what.'), 500);
  }

  /** What is thrown by ourselves has a code of its own; any other 404 is the framework's. */
  private unknownRoute({ method, path }: KnownRequest): Problem {
    const known = this.routes.methodsOf(path);
    return known.length > 0
      ? problemOf(new LongshoreError('method-not-allowed', `This takes ${known.join(', ')}, but not ${method}.`), 405)
      : problemOf(new LongshoreError('route-not-found', 'There is nothing under this address.'), 404);
  }

  private headersOf(thrown: unknown, { status }: Problem, { path }: KnownRequest): Record<string, string> {
    if (status === 401) return { 'www-authenticate': 'Bearer realm="longshore"' };
    if (status === 405) return { allow: this.routes.methodsOf(path).join(', ') };
    if (thrown instanceof TooManyRequests) return { 'retry-after': String(thrown.retryAfterSeconds) };
    return status === 503 ? { 'retry-after': '2' } : {};
  }
}

function problemOf(error: LongshoreError, status: number): Problem {
  return {
    type: `urn:longshore:error:${error.code}`,
    title: error.code.replaceAll('-', ' '),
    status,
    detail: error.message,
    code: error.code,
    ...(error.code === 'stale-fence' && { reason: 'stale-fence' }),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    ...(error.fields.length > 0 && { errors: [...error.fields] }),
  };
}

/** Express's body parser throws plain errors with a status for broken or oversized bodies. */
function clientErrorStatus(thrown: unknown): number | undefined {
  const status = (thrown as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
