// Lets a child process of a spec run the TypeScript sources, as Jest does, so that no build has to be fresh: node --import this-file.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const core = new URL('../../../../core/src/index.ts', import.meta.url).href;
const jsc = {
  target: 'es2023',
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true },
};

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@longshore/core') return next(core, context);
    const fromSource = context.parentURL?.endsWith('.ts') && specifier.startsWith('.');
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    return {
      format: 'module',
      source: transformSync(source, { jsc, module: { type: 'es6' } }).code,
      shortCircuit: true,
    };
  },
});
