/** The whole description, made from the routes. Loaded when somebody asks for it, with the library it needs. */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { permits, roles, type Role } from '@longshore/core';
import { messageClasses, messageSchema, type Schema } from '@longshore/core/json-schema';
import { answers } from './answers.js';
import type { RouteDescription } from './describe.js';
import { problemContent, routeDecorator } from './route-decorators.js';

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
  parameters?: { in: string }[];
  [more: string]: unknown;
}

export interface Route {
  needed: Role | 'anyone';
  description: RouteDescription;
  /** Where its handler stands. */
  prototype: object;
  name: string;
}

export function apiDocument(app: INestApplication, routes: ReadonlyMap<string, Route>): OpenAPIObject {
  for (const { description, prototype, name } of routes.values()) {
    routeDecorator(description)(prototype, name, Object.getOwnPropertyDescriptor(prototype, name)!);
  }
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Longshore')
    .setDescription(
      'Runs your container over every object under a prefix. Times are ISO 8601, UTC; errors are problem details (RFC 9457).',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'A token; not needed on this machine while there are none.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as Operation[]) complete(operation, routes.get(operation.operationId));
  }
  document.components = { ...document.components, schemas: schemas([...routes.values()]) };
  return document;
}

/** Who may use it, and what every request of its kind may be refused for. */
function complete(operation: Operation, route: Route | undefined): void {
  if (!route) return;
  const { needed, description } = route;
  const allowed = roles.filter((role) => needed === 'anyone' || permits(role, needed));
  // The library adds one of its own for each controller.
  operation.tags = [description.tag];
  operation['x-roles'] = allowed;
  operation.security = needed === 'anyone' ? [] : [{ bearer: [] }];
  operation.operationId = operation.operationId.replace(/Controller\./, '.');
  const refusals: Record<string, string> = {
    ...((description.body ?? description.query) && { 400: 'invalid-request' }),
    ...(needed !== 'anyone' && { 401: 'not-authenticated, token-revoked', 403: 'not-allowed' }),
    ...(description.body && { 413: 'request-too-large' }),
    409: 'wrong-cluster',
    429: 'too-many-requests',
    503: 'disk-full, storage-failed, state-damaged',
  };
  for (const [status, codes] of Object.entries(refusals)) {
    operation.responses[status] ??= { description: codes, content: problemContent };
  }
}

function schemas(routes: readonly Route[]): Record<string, Schema> {
  const bodies = new Map<string, ReturnType<typeof messageClasses> extends Map<string, infer C> ? C : never>();
  for (const { description } of routes) if (description.body) messageClasses(description.body, bodies);
  const asked = [...bodies].map(([name, target]): [string, Schema] => [name, messageSchema(target, false)]);
  const told = Object.entries(answers).map(([name, { schema }]): [string, Schema] => [name, schema]);
  return Object.fromEntries([...told, ...asked].sort(([one], [other]) => (one < other ? -1 : 1)));
}
