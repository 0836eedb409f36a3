/** What the HTTP server does before any route: who is there, how much they may send, in what time, and what browsers are told. */
import type { IncomingMessage, Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LongshoreError, messageOf, permits } from '@longshore/core';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { KnownRequest } from '../access/caller.js';
import { Gate } from '../access/gate.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { RequestMeter } from '../metrics/request-meter.js';
import { clusterCheck } from './cluster-check.js';
import { refuseDeepJson } from './json-depth.js';

const bodyLimit = '1mb';
/** The manifest of a task with a thousand objects is about half a megabyte; only a known worker may send so much. */
const reportLimit = '16mb';

/** A hundred thousand groups with a few values each are about twenty megabytes; only somebody who may submit may send so much. */
const jobLimit = '64mb';

/** These names reach into the machinery of JavaScript objects; no field of ours is called so. */
export function refuseMagicNames(name: string, value: unknown): unknown {
  if (['__proto__', 'constructor', 'prototype'].includes(name))
    throw new SyntaxError(`No field may be called "${name}"`);
  return value;
}

/** A reviver makes reading several times as slow, so it is asked only where a name could be one; an escape, or another alphabet, could hide any. */
function mayHoldMagicName(body: Buffer): boolean {
  return ['__proto__', 'constructor', 'prototype', '\\u', '\0'].some((part) => body.includes(part));
}

/** The order matters: nothing of a body is read before its sender is known, as far as they said who they are. */
export function harden(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  // Nothing may be kept, so nobody asks whether it has changed.
  app.disable('etag');
  app.use(app.get(RequestMeter).middleware);
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      // For whoever speaks TLS in front of this server to say.
      strictTransportSecurity: false,
    }),
  );
  app.use((_: Request, response: Response, next: NextFunction) => {
    response.setHeader('cache-control', 'no-store');
    next();
  });
  app.use(clusterCheck(app.get(OrchestratorConfig).cluster));
  app.use(app.get(Gate).middleware);
  parseJson(app, reportLimit, isReport);
  parseJson(app, jobLimit, isJob);
  parseJson(app, bodyLimit, (request) => !isReport(request) && !isJob(request));
  app.use(asOurOwn);
  limitTime(app);
}

function parseJson(app: NestExpressApplication, limit: string, concerns: (request: IncomingMessage) => boolean): void {
  // Nest hands all of it to Express, but its type knows no `verify`.
  const options = {
    limit,
    verify: (_: IncomingMessage, __: Response, body: Buffer) => {
      refuseDeepJson(body);
      if (mayHoldMagicName(body)) JSON.parse(body.toString(), refuseMagicNames);
    },
    type: (request: IncomingMessage) =>
      /^application\/(.*\+)?json\b/i.test(request.headers['content-type'] ?? '') && concerns(request),
  };
  app.useBodyParser('json', options);
}

/** What is wrong with a body is told to those who may use the route; everybody else hears that they may not. */
function asOurOwn(thrown: unknown, request: KnownRequest, _: Response, next: NextFunction): void {
  const { type, status } = (thrown ?? {}) as { type?: unknown; status?: unknown };
  // Express's body parser makes a 403 of whatever its `verify` throws.
  const isOurs = type === 'entity.verify.failed';
  if (!isOurs && status !== 400) return next(thrown);
  request.unreadable = new LongshoreError('invalid-request', messageOf(thrown));
  next();
}

function isReport(request: IncomingMessage): boolean {
  const isOne = /^\/(status\/|turn\/|api\/v1\/tasks\/[^/]+\/complete$)/.test(request.url ?? '');
  return (request as KnownRequest).caller !== undefined && isOne;
}

function isJob(request: IncomingMessage): boolean {
  const { caller } = request as KnownRequest;
  return caller !== undefined && permits(caller.role, 'submit') && /^\/api\/v1\/(jobs|plans)$/.test(request.url ?? '');
}

/** Slow senders are cut off; whoever has sent a request may wait for the answer as long as it takes. */
function limitTime(app: NestExpressApplication): void {
  const server: Server = app.getHttpServer();
  const { requestMs } = app.get(OrchestratorConfig).access;
  server.requestTimeout = requestMs;
  server.headersTimeout = requestMs / 6;
  server.timeout = 0;
  // Read when the server begins to listen; Node.js would look only every 30 seconds.
  Object.assign(server, { connectionsCheckingInterval: Math.min(1_000, requestMs / 6) });
}
