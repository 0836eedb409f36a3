/** Unit specs lie beside the code, also that of the bench; whole-system stories on real processes in `test/`, which `npm test` runs after a build. */
import { availableParallelism } from 'node:os';

const stories = process.env.LONGSHORE_TESTS === 'stories';

const settings = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  // Not in the temporary folder, which each lane of the stories has for itself.
  cacheDirectory: '<rootDir>/.cache/jest',
  roots: stories ? ['<rootDir>/test'] : ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/bench'],
  extensionsToTreatAsEsm: ['.ts'],
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

/** Loading Nest costs a fifth of a second for each file, so only those begin with it that use it. */
const useNest = stories ? ['test/simulation.story.ts'] : ['apps/(orchestrator|worker)/src/.*\\.spec\\.ts'];
const every = stories ? ['test/[^/]+\\.story\\.ts'] : ['src/.*\\.spec\\.ts', 'bench/.*\\.spec\\.mjs'];
const inProject = (patterns) => patterns.map((pattern) => `/${pattern}$`);

export default {
  testTimeout: stories ? 240_000 : 60_000,
  // Specs that wait for the engine or for S3 leave room for one more; `scripts/test.mjs` runs stories side by side, each with a Jest of its own.
  maxWorkers: stories ? 1 : availableParallelism() + 1,
  // What a spec has loaded as ESM stays until its process ends; with a gigabyte of it, ending takes longer than the half second that Jest allows.
  workerIdleMemoryLimit: '512MB',
  projects: [
    { ...settings, testRegex: inProject(useNest), setupFiles: ['<rootDir>/jest.setup.mjs'] },
    { ...settings, testRegex: inProject(every), testPathIgnorePatterns: ['/node_modules/', ...inProject(useNest)] },
  ],
};
