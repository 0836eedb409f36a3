/** The three ways in which a job is shown, and which of them fits. */
import type { OutputOptions } from '../commands/client-options.js';
import { JsonView } from './json-view.js';
import { LiveView } from './live-view.js';
import { PlainView } from './plain-view.js';
import type { View } from './watch-job.js';

export function viewFor({ json, quiet }: OutputOptions): View {
  if (json) return new JsonView();
  if (quiet) return silent;
  return process.stdout.isTTY ? new LiveView(process.stdout) : new PlainView();
}

const silent: View = {
  wantsAll: false,
  told: () => undefined,
  show: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
