#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(
    `longshore: this is Node.js ${process.versions.node}; Longshore needs 24.9 or newer. ` +
      'Install Node.js 24, or run it through npm in the project ("npx longshore"), which brings its own.\n',
  );
  process.exit(1);
}
const { keepCompiledCode } = await import('./compiled-code.js');
keepCompiledCode();
await import('../dist/main.js');
