/** Says on a route who may use it; a route that says nothing is open to nobody. */
import { Reflector } from '@nestjs/core';
import type { Role } from '@longshore/core';

/** The least role that may use a route. */
export const Allow = Reflector.createDecorator<Role | 'anyone'>();

/** Open to whoever reaches the port. */
export const Public = () => Allow('anyone');
