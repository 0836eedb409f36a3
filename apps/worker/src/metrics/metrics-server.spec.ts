import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MetricsServer } from './metrics-server.js';
import { PrometheusMeter } from './prometheus-meter.js';
import { WorkerMeter } from './worker-meter.js';

describe('the metrics of a worker', () => {
  it('are served to this machine, and nothing else is', async () => {
    const meter = new PrometheusMeter();
    meter.slots(4, 3);
    await using server = await MetricsServer.start(0, meter, () => undefined);
    const url = `http://127.0.0.1:${server?.port}`;
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(await answer.text()).toMatch(/^longshore_worker_slots_busy 3$/m);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('have a row in docs/observability.md each', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/observability.md'), 'utf8');
    const text = await new PrometheusMeter().text();
    const families = [...text.matchAll(/^# TYPE (longshore_\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
    expect(families).toHaveLength(7);
    for (const [name, type] of families) expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\| ${type} +\\|`, 'm'));
  });

  it('are not served where the port is taken, which is told and ends nothing', async () => {
    const warnings: string[] = [];
    await using first = await MetricsServer.start(0, new WorkerMeter(), () => undefined);
    const second = await MetricsServer.start(first?.port ?? 0, new WorkerMeter(), (line) => warnings.push(line));
    expect(second).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/LONGSHORE_METRICS_PORT.*EADDRINUSE/)]);
  });
});
