/** The description of the API, made from its routes when somebody asks for it. */
import { Injectable, type INestApplication } from '@nestjs/common';
import { ModulesContainer, Reflector } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Allow } from '../access/allow.js';
import type { Route } from './api-document.js';
import { describedBy, type RouteDescription } from './describe.js';

@Injectable()
export class OpenApi {
  private app: INestApplication | undefined;
  private made: Promise<OpenAPIObject> | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly reflector: Reflector,
  ) {}

  /** To be told once the application stands. */
  of(app: INestApplication): void {
    this.app = app;
  }

  /** Made when somebody asks first: it takes longer than all the rest of a start. */
  document(): Promise<OpenAPIObject> {
    const { app } = this;
    if (!app) throw new Error('The API is described once the application stands.');
    return (this.made ??= import('./api-document.js').then(({ apiDocument }) => apiDocument(app, this.routes())));
  }

  /** What each route says of itself, by the name of its operation. */
  private routes(): Map<string, Route> {
    const found = new Map<string, Route>();
    for (const { metatype } of [...this.modules.values()].flatMap(({ controllers }) => [...controllers.values()])) {
      if (!metatype) continue;
      const prototype = metatype.prototype as Record<string, unknown>;
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function') continue;
        const description = Reflect.getMetadata(describedBy, handler) as RouteDescription | undefined;
        const needed = this.reflector.get(Allow, handler as () => void);
        if (description && needed) found.set(`${metatype.name}.${name}`, { needed, description, prototype, name });
      }
    }
    return found;
  }
}
