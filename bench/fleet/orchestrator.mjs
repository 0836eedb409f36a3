/** An orchestrator process that a bench looks at from outside: its metrics and its memory. */
import { Agent } from 'node:http';
import { newSecret } from '@longshore/core';
import { asShipped, startOrchestrator } from '../programs/orchestrator.mjs';
import { highestMegabytes } from '../programs/resident.mjs';
import { send } from '../programs/send.mjs';

export class Orchestrator {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });

  static async start(folder, { nodeOptions = [], environment = {} } = {}) {
    const orchestrator = new Orchestrator();
    orchestrator.admin = newSecret('admin');
    orchestrator.join = newSecret('join');
    const settings = {
      LONGSHORE_WHEN_DONE: 'wait',
      LONGSHORE_ADMIN_TOKEN: orchestrator.admin,
      LONGSHORE_JOIN_TOKEN: orchestrator.join,
      ...environment,
    };
    orchestrator.program = await startOrchestrator(folder, settings, [...asShipped, ...nodeOptions]);
    orchestrator.url = orchestrator.program.url;
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
    return highestMegabytes(this.program.pid);
  }

  stop() {
    return this.program.stop();
  }
}
