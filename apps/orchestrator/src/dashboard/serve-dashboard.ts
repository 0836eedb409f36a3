/** Serves the dashboard: files that never change under their name, and one page for every address that is no route of the API. */
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
  app.useStaticAssets(folder, { index: false, redirect: false, setHeaders: describeFile });
  const routes = app.get(RouteTable);
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isForPeople(request) || routes.methodsOf(request.path).length > 0) return next();
    describePage(response);
    response.sendFile('index.html', { root: folder, cacheControl: false });
  });
}

/** A browser that goes somewhere; programs, and pages that ask for data, do not name HTML. */
function isForPeople({ method, path, headers }: Request): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return !path.startsWith('/api/') && (headers.accept ?? '').includes('text/html');
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
