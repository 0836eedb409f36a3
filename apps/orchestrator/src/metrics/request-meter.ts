/** Measures how long requests take, by the route as it is declared and never by the address as it was written. */
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Metrics } from './metrics.js';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

@Injectable()
export class RequestMeter {
  constructor(private readonly metrics: Metrics) {}

  readonly middleware = (request: Request, response: Response, next: NextFunction): void => {
    const begun = performance.now();
    response.once('close', () => {
      // A stream is open for as long as somebody watches, which is no time to answer.
      if (String(response.getHeader('content-type')).startsWith('text/event-stream')) return;
      const method = methods.includes(request.method) ? request.method : 'other';
      const labels = { method, route: routeOf(request), status: statusOf(response) };
      this.metrics.requestTime.observe(labels, (performance.now() - begun) / 1000);
    });
    next();
  };
}

/** Files of the dashboard, addresses that lead nowhere, and what was refused before anybody looked where it goes. */
const noRoute = 'none';

function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : noRoute;
}

function statusOf(response: Response): string {
  return response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted';
}
