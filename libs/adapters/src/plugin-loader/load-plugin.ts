/** Finds a plugin by its name or path. Names come from the command line or the environment of a process, never from the API. */
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LongshoreError, messageOf, type JobPlugin } from '@longshore/core';
import { installedPlugins } from './installed-plugins.js';
import { lendOwnPackages, wantsOwnPackage } from './own-packages.js';

/**
 * Resolves, in this order: a path (`./my-plugin.mjs`, `/opt/plugins/x`), a plugin that comes with Longshore, an installed package
 * `longshore-plugin-<name>`.
 *
 * @throws LongshoreError `plugin-unknown` or `plugin-broken`
 */
export async function loadPlugin(nameOrPath: string): Promise<JobPlugin> {
  const url = isPath(nameOrPath) ? await pathUrl(nameOrPath) : packageUrl(nameOrPath);
  if (url === undefined) throw await unknownPlugin(nameOrPath);
  const plugin = await importPlugin(nameOrPath, url);
  if (!isPath(nameOrPath) && plugin.name !== nameOrPath) {
    throw new LongshoreError(
      'plugin-broken',
      `The package of the plugin "${nameOrPath}" holds one named "${plugin.name}".`,
    );
  }
  return plugin;
}

function isPath(nameOrPath: string): boolean {
  return /^\.{0,2}\//.test(nameOrPath) || /\.[cm]?[jt]s$/.test(nameOrPath);
}

async function pathUrl(path: string): Promise<string> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found)
    throw new LongshoreError('plugin-unknown', `There is no plugin at ${absolute}.`, { remedy: 'Check the path.' });
  return pathToFileURL(found.isDirectory() ? mainOf(absolute) : absolute).href;
}

/** What its package.json names as main, or its index.js. */
function mainOf(folder: string): string {
  try {
    return createRequire(`${folder}/`).resolve(folder);
  } catch (thrown) {
    throw new LongshoreError('plugin-unknown', `The folder ${folder} holds no plugin.`, {
      remedy: 'Name the module in its package.json, as "main": "index.mjs".',
      cause: thrown,
    });
  }
}

function packageUrl(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return undefined;
  const workingDirectory = pathToFileURL(`${process.cwd()}/`).href;
  return (
    packageAt(`@longshore/plugin-${name}`, import.meta.url) ??
    packageAt(`longshore-plugin-${name}`, workingDirectory) ??
    packageAt(`longshore-plugin-${name}`, import.meta.url)
  );
}

function packageAt(name: string, from: string): string | undefined {
  try {
    return pathToFileURL(createRequire(from).resolve(name)).href;
  } catch {
    return undefined;
  }
}

async function importPlugin(name: string, url: string): Promise<JobPlugin> {
  let loaded: { default?: unknown };
  try {
    loaded = await importModule(url);
  } catch (thrown) {
    if (thrown instanceof LongshoreError) throw thrown;
    throw new LongshoreError('plugin-broken', `The plugin "${name}" cannot be loaded: ${messageOf(thrown)}.`, {
      cause: thrown,
    });
  }
  if (isPlugin(loaded.default)) return loaded.default;
  throw new LongshoreError(
    'plugin-broken',
    `"${name}" is no plugin: its default export was not made by defineJobPlugin.`,
  );
}

async function importModule(url: string): Promise<{ default?: unknown }> {
  try {
    return (await import(url)) as { default?: unknown };
  } catch (thrown) {
    if (!wantsOwnPackage(thrown)) throw thrown;
    lendOwnPackages();
    return (await import(url)) as { default?: unknown };
  }
}

function isPlugin(value: unknown): value is JobPlugin {
  return typeof value === 'object' && value !== null && 'container' in value && 'layout' in value && 'command' in value;
}

async function unknownPlugin(name: string): Promise<LongshoreError> {
  const known = await installedPlugins();
  return new LongshoreError('plugin-unknown', `There is no plugin "${name}".`, {
    remedy: `Installed are: ${known.join(', ') || 'none'}. Others are npm packages named longshore-plugin-<name>, or a path.`,
  });
}
