export { loadPlugin } from './load-plugin.js';
export { installedPlugins } from './installed-plugins.js';
