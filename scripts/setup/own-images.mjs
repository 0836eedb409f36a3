// The images of Longshore itself, built as docs/images.md says, only when something they are made of has changed.
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureBaseImage } from './base-image.mjs';
import { builderEnvironment, proxyArguments } from './builder.mjs';
import { run } from './command.mjs';
import { builtFrom, CONTEXT_LABEL, hashOfFiles } from './plugin-image.mjs';
import { projectFolder } from './project.mjs';

const VERSION = '0.1.0';
const OWN_IMAGES = ['orchestrator', 'worker'];
const BASE_IMAGES = ['node:24-bookworm-slim', 'debian:bookworm-slim'];
const USUAL_REGISTRY = 'https://registry.npmjs.org/';

const PARTS = [
  ...['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'tsconfig.base.json', 'LICENSE'],
  ...['apps', 'libs', 'docker'],
];

/** What the .dockerignore leaves out, so that two builds from the same sources are from the same context. */
const LEFT_OUT = /(^|\/)(node_modules|dist|testing|image)(\/|$)|\.spec\.ts$|\.crt$/;

/** @returns whether they had to be built, and their sizes in bytes */
export async function ensureOwnImages() {
  const folder = await mkdtemp(path.join(tmpdir(), 'longshore-own-images-'));
  try {
    const context = path.join(folder, 'context');
    await copyContext(context);
    const hash = await hashOfFiles(context);
    const tags = OWN_IMAGES.map((target) => `longshore/${target}:${VERSION}`);
    const found = await Promise.all(tags.map((tag) => builtFrom(tag)));
    const built = found.some((from) => from !== hash);
    if (built) await build(context, hash, path.join(folder, 'build.log'));
    const sizes = tags.map((tag) => run('docker', ['image', 'inspect', '--format', '{{.Size}}', tag]));
    return { built, sizes: (await Promise.all(sizes)).map(Number) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function copyContext(context) {
  await mkdir(context);
  for (const part of PARTS) {
    await cp(path.join(projectFolder, part), path.join(context, part), {
      recursive: true,
      filter: (source) => !LEFT_OUT.test(path.relative(projectFolder, source)),
    });
  }
}

async function build(context, hash, logFile) {
  for (const reference of BASE_IMAGES) await ensureBaseImage(reference);
  await addCertificates(path.join(context, 'docker', 'certificates'));
  const registry = await npmSetting('registry');
  const environment = { ...(await builderEnvironment()), NPM_CONFIG_REGISTRY: registry ?? '' };
  for (const target of OWN_IMAGES) {
    await run(
      'docker',
      [
        ...['build', '--force-rm', '--network', 'host', ...proxyArguments()],
        // Without a value: it is taken from the environment, and stands in no list of processes.
        ...(registry && registry !== USUAL_REGISTRY ? ['--build-arg', 'NPM_CONFIG_REGISTRY'] : []),
        ...['--build-arg', `VERSION=${VERSION}`, '--label', `${CONTEXT_LABEL}=${hash}`],
        ...['--file', path.join(context, 'docker', 'Dockerfile'), '--target', target],
        ...['--tag', `longshore/${target}:${VERSION}`, context],
      ],
      {
        purpose: `Building the image of the ${target}`,
        advice: 'Check that the engine can reach the npm registry and the package sources of Debian.',
        env: environment,
        logFile,
      },
    );
  }
}

/** What npm trusts on this machine, it has to trust in the build too. */
async function addCertificates(folder) {
  const file = (await npmSetting('cafile')) ?? process.env.NODE_EXTRA_CA_CERTS;
  if (file) await copyFile(file, path.join(folder, 'of-this-machine.crt'));
}

async function npmSetting(name) {
  const value = await run('npm', ['config', 'get', name], { cwd: projectFolder, env: machineEnvironment() });
  return ['', 'null', 'undefined'].includes(value) ? undefined : value;
}

/** npm looks for the settings of a machine beside the Node that runs it, and the project's own Node has none beside it. */
function machineEnvironment() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const outside = folders.filter((folder) => !/[/\\]node_modules[/\\]\.bin[/\\]?$/.test(folder));
  return { PATH: outside.join(path.delimiter), npm_config_globalconfig: undefined, npm_config_prefix: undefined };
}
