/** Serves the dashboard: files that never change under their name, and one page for every address that is no route of the API. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { RouteTable } from '../http/route-table.js';

/** Only what this server serves may run, show or be asked; no text of a job can become a script. */
export const dashboardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';');

export function serveDashboard(app: NestExpressApplication, folder: string): void {
  // By their prefix and by their names, so that the disk is not asked about the routes that workers call thousands of times a second.
  const assets = { prefix: '/assets/', index: false as const, redirect: false, setHeaders: describeFile };
  app.useStaticAssets(path.join(folder, 'assets'), assets);
  const files = new Set(readdirSync(folder).filter((name) => path.extname(name) !== '' && !name.startsWith('.')));
  const routes = app.get(RouteTable);
  app.use((request: Request, response: Response, next: NextFunction) => {
    const name = nameOf(request, files) ?? (isForPeople(request, routes) ? 'index.html' : undefined);
    if (name === undefined) return next();
    describeFile(response, name);
    response.sendFile(name, { root: folder, cacheControl: false });
  });
}

function nameOf({ method, path }: Request, files: ReadonlySet<string>): string | undefined {
  const name = path.slice(1);
  return isReading(method) && files.has(name) ? name : undefined;
}

/** A browser that goes somewhere; programs, and pages that ask for data, do not name HTML. */
function isForPeople({ method, path, headers }: Request, routes: RouteTable): boolean {
  if (!isReading(method) || path.startsWith('/api/')) return false;
  return (headers.accept ?? '').includes('text/html') && routes.methodsOf(path).length === 0;
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function describeFile(response: Response, path: string): void {
  if (path.endsWith('.html')) describePage(response);
  else if (/[/\\]assets[/\\]/.test(path)) response.setHeader('cache-control', 'public, max-age=31536000, immutable');
  else response.setHeader('cache-control', 'public, max-age=3600');
}

/** Asked for anew each time, because it names the files of this version. */
function describePage(response: Response): void {
  response.setHeader('content-security-policy', dashboardPolicy);
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('vary', 'accept');
}
