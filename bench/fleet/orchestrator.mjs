/** An orchestrator process that a bench looks at from outside: its metrics and its memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { fileURLToPath } from 'node:url';
import { newSecret } from '@longshore/core';
import { ownSettings } from '../programs/own-settings.mjs';
import { send } from '../programs/send.mjs';
import { highestMegabytes } from '../programs/resident.mjs';

export class Orchestrator {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });

  static async start(folder, { nodeOptions = [], environment = {} } = {}) {
    const orchestrator = new Orchestrator();
    orchestrator.admin = newSecret('admin');
    orchestrator.join = newSecret('join');
    const main = fileURLToPath(import.meta.resolve('@longshore/orchestrator/main'));
    orchestrator.child = spawn(process.execPath, [...nodeOptions, main], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        ...ownSettings(),
        LONGSHORE_STATE: folder,
        LONGSHORE_PORT: '0',
        LONGSHORE_PLUGINS: 'echo',
        LONGSHORE_WHEN_DONE: 'wait',
        LONGSHORE_ADMIN_TOKEN: orchestrator.admin,
        LONGSHORE_JOIN_TOKEN: orchestrator.join,
        ...environment,
      },
    });
    orchestrator.url = await servesAt(orchestrator.child);
    return orchestrator;
  }

  /** However long the answer takes: an orchestrator that is slow is what is measured. */
  async ask(path, body) {
    const { url, agent, admin: token } = this;
    const method = body === undefined ? 'GET' : 'POST';
    const { status, text } = await send({ url: new URL(url), agent, token, method, path, body });
    if (status >= 300) throw new Error(`${path}: ${text}`);
    return path === '/metrics' ? text : JSON.parse(text);
  }

  /** Since it was asked last; the delay of the event loop holds the 10 ms between two looks at it. */
  async figures() {
    const text = await this.ask('/metrics');
    const all = (name) =>
      [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
    const sum = (name) => all(name).reduce((total, value) => total + value, 0);
    return {
      delayP99Ms: sum('nodejs_eventloop_lag_p99_seconds') * 1000,
      delayMaxMs: sum('nodejs_eventloop_lag_max_seconds') * 1000,
      rescues: sum('longshore_rescues_total'),
      cpuSeconds: sum('process_cpu_seconds_total'),
    };
  }

  /** The most memory it has had. */
  highestMegabytes() {
    return highestMegabytes(this.child.pid);
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  }
}

async function servesAt(child) {
  const ended = once(child, 'exit').then(([code]) => ({ type: 'fatal', message: `it ended with ${code}` }));
  const ready = once(child, 'message').then(([message]) => message);
  const { type, url, message } = await Promise.race([ready, ended]);
  if (type !== 'ready') throw new Error(`The orchestrator did not start: ${message}.`);
  return url;
}
