/** The borders of the house: apps -> adapters, plugins -> core; nobody looks back, and nobody looks sideways. */
const app = '^apps/([^/]+)/src/';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'core-looks-at-nobody',
      comment: 'Core is pure; it is what everybody else agrees on.',
      severity: 'error',
      from: { path: '^libs/core/' },
      to: { path: '^(libs/(adapters|plugins)|apps)/' },
    },
    {
      name: 'core-knows-no-framework',
      severity: 'error',
      from: { path: '^libs/core/' },
      to: { path: 'node_modules/(@nestjs|@aws-sdk|dockerode|express)' },
    },
    {
      name: 'adapters-see-only-core',
      severity: 'error',
      from: { path: '^libs/adapters/' },
      to: { path: '^(libs/plugins|apps)/' },
    },
    {
      name: 'adapters-never-see-each-other',
      comment:
        'Opening a file that a container left is one piece of code for all stores, and so is reading what a command prints for all engines.',
      severity: 'error',
      from: { path: '^libs/adapters/src/([^/]+)/', pathNot: '\\.spec\\.ts$|/testing/' },
      to: { path: '^libs/adapters/src/', pathNot: '^libs/adapters/src/($1|files|commands)/' },
    },
    {
      name: 'plugins-see-only-core',
      severity: 'error',
      from: { path: '^libs/plugins/([^/]+)/' },
      to: { path: '^(libs/adapters|libs/plugins|apps)/', pathNot: '^libs/plugins/$1/' },
    },
    {
      name: 'apps-never-import-one-another',
      severity: 'error',
      from: { path: app },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'only-the-composition-root-names-adapters',
      comment:
        'Reading the environment, speaking HTTP, writing the log and filling templates are no ports; everything else is bound in compose.ts. The command line has no ports of its own.',
      severity: 'error',
      from: { path: '^apps/(orchestrator|worker)/src/', pathNot: '/compose\\.ts$' },
      to: { path: '^libs/adapters/', pathNot: '^libs/adapters/(src|dist)/(settings|http|logging|templates|testing)/' },
    },
    {
      name: 'only-tests-use-test-servers',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.tsx?$|/testing/' },
      to: { path: '^(apps|libs)/.*/testing/' },
    },
    {
      name: 'the-dashboard-knows-types-alone',
      comment: 'It runs in browsers: of the protocol it takes the types, and no line of code.',
      severity: 'error',
      from: { path: '^apps/dashboard/' },
      to: { path: '^libs/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-dashboard-knows-the-protocol-alone',
      severity: 'error',
      from: { path: '^apps/dashboard/' },
      to: { path: '^libs/', pathNot: '^libs/core/(src|dist)/protocol/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // Built packages are seen, so that an import by package name meets the rules, but not entered.
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
};
