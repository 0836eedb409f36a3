/** The routes this orchestrator has, as its router knows them. */
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

export interface Route {
  method: string;
  /** With its parameters, such as `/api/v1/jobs/:id`. */
  path: string;
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

@Injectable()
export class RouteTable {
  constructor(private readonly host: HttpAdapterHost) {}

  all(): Route[] {
    const { router } = this.host.httpAdapter.getInstance<{ router: { stack: Layer[] } }>();
    return router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })) : [],
    );
  }

  /** The methods of the routes that have this path. */
  methodsOf(path: string): string[] {
    const same = this.all().filter((route) => patternOf(route.path).test(path));
    return [...new Set(same.map(({ method }) => method))].sort();
  }
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}/?$`);
}
