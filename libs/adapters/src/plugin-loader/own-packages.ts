/** Lends plugins the packages they are made with, so that a folder that holds nothing but a plugin runs as it is. */
import { registerHooks } from 'node:module';
import { messageOf } from '@longshore/core';

const lent = ['@longshore/core', 'class-validator', 'class-transformer', 'reflect-metadata'];

let isLending = false;

/** Whether a module could not be loaded because one of our packages is not installed where it lies. */
export function wantsOwnPackage(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && lent.some((name) => messageOf(thrown).includes(`'${name}'`));
}

/** What a plugin has installed itself still comes first. https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions */
export function lendOwnPackages(): void {
  if (isLending) return;
  isLending = true;
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (thrown) {
        if (!lent.includes(specifier)) throw thrown;
        // All of them are packages of core.
        const core = next('@longshore/core', { ...context, parentURL: import.meta.url });
        return specifier === '@longshore/core' ? core : next(specifier, { ...context, parentURL: core.url });
      }
    },
  });
}
