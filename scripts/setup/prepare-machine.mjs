// Usage: node scripts/setup/prepare-machine.mjs [docker] [images] [moto] [strace] [systemd] [faketime] [compose] [own-images] [chromium] [zsh] [fish]
// Prepares the named parts, or all of them when none is named. What is there already is left as it is.
import { fileURLToPath } from 'node:url';

import { ensureBaseImage } from './base-image.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureCompose } from './compose.mjs';
import { ensureDockerEngine } from './docker-engine.mjs';
import { ensureFaketime } from './faketime.mjs';
import { ensureMoto } from './moto.mjs';
import { ensureOwnImages } from './own-images.mjs';
import { ensurePluginImage } from './plugin-image.mjs';
import { ensureProgram } from './program.mjs';
import { step } from './step.mjs';

const STOCK_IMAGES = ['busybox:1.36'];
const PLUGIN_IMAGES = [
  {
    tag: 'longshore/rgo-segmentation:1',
    context: fileURLToPath(new URL('../../libs/plugins/rgo-segmentation/image', import.meta.url)),
  },
];

const PARTS = {
  docker: prepareDocker,
  images: prepareImages,
  moto: prepareMoto,
  strace: () => ensureProgram('strace'),
  systemd: () => ensureProgram('systemd-analyze', 'systemd'),
  faketime: ensureFaketime,
  compose: ensureCompose,
  'own-images': prepareOwnImages,
  chromium: ensureChromium,
  zsh: () => ensureProgram('zsh'),
  fish: () => ensureProgram('fish'),
};

async function prepareDocker() {
  const { version, driver } = await ensureDockerEngine();
  return `${version} answers, ${driver}`;
}

async function prepareImages() {
  for (const reference of STOCK_IMAGES) {
    await step(`image ${reference}`, () => ensureBaseImage(reference));
  }
  for (const image of PLUGIN_IMAGES) {
    await step(`image ${image.tag}`, async () => {
      const { built, size } = await ensurePluginImage(image);
      return `${built ? 'built' : 'up to date'}, ${Math.round(size / 1e6)} MB`;
    });
  }
}

async function prepareOwnImages() {
  const { built, sizes } = await ensureOwnImages();
  return `${built ? 'built' : 'up to date'}, ${sizes.map((size) => `${Math.round(size / 1e6)} MB`).join(' and ')}`;
}

async function prepareMoto() {
  await ensureMoto();
  return 'ready';
}

async function main(wanted) {
  const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) {
    throw new Error(`There is no part called ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`);
  }
  for (const [name, prepare] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (name === 'images') await prepare();
    else await step(name, prepare);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
