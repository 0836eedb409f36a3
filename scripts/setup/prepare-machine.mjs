// Usage: node scripts/setup/prepare-machine.mjs [docker] [images] [moto]
// Prepares the named parts, or all of them when none is named. What is there already is left as it is.
import { fileURLToPath } from 'node:url';

import { ensureBaseImage } from './base-image.mjs';
import { ensureDockerEngine } from './docker-engine.mjs';
import { ensureMoto } from './moto.mjs';
import { ensurePluginImage } from './plugin-image.mjs';

const STOCK_IMAGES = ['busybox:1.36'];
const PLUGIN_IMAGES = [
  {
    tag: 'longshore/rgo-segmentation:1',
    context: fileURLToPath(new URL('../../libs/plugins/rgo-segmentation/image', import.meta.url)),
  },
];

const PARTS = { docker: prepareDocker, images: prepareImages, moto: prepareMoto };

async function prepareDocker() {
  const { version, driver } = await ensureDockerEngine();
  console.log(`docker: ${version} answers (${driver})`);
}

async function prepareImages() {
  for (const reference of STOCK_IMAGES) {
    console.log(`image ${reference}: ${await ensureBaseImage(reference)}`);
  }
  for (const image of PLUGIN_IMAGES) {
    const { built, size } = await ensurePluginImage(image);
    console.log(`image ${image.tag}: ${built ? 'built' : 'up to date'} (${Math.round(size / 1e6)} MB)`);
  }
}

async function prepareMoto() {
  console.log(`moto: ${await ensureMoto()}`);
}

async function main(wanted) {
  const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) {
    throw new Error(`There is no part called ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`);
  }
  for (const [name, prepare] of Object.entries(PARTS)) {
    if (wanted.length === 0 || wanted.includes(name)) await prepare();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
