/** Turns every error into problem details; the only place that knows HTTP status codes. */
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { LongshoreError, messageOf, type ErrorCode } from '@longshore/core';
import type { Problem } from '@longshore/core/protocol';
import type { Response } from 'express';

const statusOf: Partial<Record<ErrorCode, number>> = {
  'job-not-found': 404,
  'task-not-found': 404,
  'worker-unknown': 404,
  'nothing-pending': 400,
  'invalid-request': 400,
  'invalid-parameters': 400,
  'location-invalid': 400,
  'plugin-unknown': 400,
  'output-collision': 400,
  'output-missing': 400,
  'hook-failed': 400,
  'stale-fence': 409,
  'transition-refused': 409,
  'disk-full': 503,
  'storage-failed': 503,
};

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return;
    const problem = this.problem(thrown);
    if (problem.status === 503) response.setHeader('retry-after', '2');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private problem(thrown: unknown): Problem {
    if (thrown instanceof LongshoreError) return problemOf(thrown, statusOf[thrown.code] ?? 500);
    if (thrown instanceof HttpException) {
      return problemOf(new LongshoreError('invalid-request', thrown.message), thrown.getStatus());
    }
    const status = clientErrorStatus(thrown);
    if (status !== undefined) return problemOf(new LongshoreError('invalid-request', messageOf(thrown)), status);
    this.log.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    return problemOf(new LongshoreError('internal-error', 'Something went wrong inside; the log says what.'), 500);
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
  };
}

/** Express's body parser throws plain errors with a status for broken or oversized bodies. */
function clientErrorStatus(thrown: unknown): number | undefined {
  const status = (thrown as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
