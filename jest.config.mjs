/** Unit specs lie beside the code, also that of the bench; whole-system stories on real processes in `test/`, which `npm test` runs after a build. */
const stories = process.env.LONGSHORE_TESTS === 'stories';

export default {
  testEnvironment: 'node',
  roots: stories ? ['<rootDir>/test'] : ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/bench'],
  testMatch: stories ? ['**/*.story.ts'] : ['**/src/**/*.spec.ts', '<rootDir>/bench/**/*.spec.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/jest.setup.mjs'],
  testTimeout: stories ? 240_000 : 60_000,
  // A story keeps both cores of a small machine busy by itself; its leases are short.
  maxWorkers: stories ? 1 : 2,
  moduleNameMapper: {
    '^@longshore/core$': '<rootDir>/libs/core/src/index.ts',
    '^@longshore/core/(testing|protocol|json-schema)$': '<rootDir>/libs/core/src/$1/index.ts',
    '^@longshore/adapters/(.*)$': '<rootDir>/libs/adapters/src/$1/index.ts',
    '^@longshore/plugin-(.*)$': '<rootDir>/libs/plugins/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'nodenext' },
        sourceMaps: 'inline',
      },
    ],
  },
};
