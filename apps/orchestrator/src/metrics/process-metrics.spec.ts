import { open } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { processMetrics } from './process-metrics.js';

async function openFiles(): Promise<number> {
  const [value] = (await processMetrics().getSingleMetric('process_open_fds')!.get()).values;
  return value!.value;
}

describe('the metrics of the process', () => {
  it('count the files that are open', async () => {
    const before = await openFiles();
    const files = await Promise.all(Array.from({ length: 50 }, () => open('/dev/null')));
    const during = await openFiles();
    await Promise.all(files.map((file) => file.close()));
    expect(during - before).toBeGreaterThan(40);
  });

  it('list no connections, of which there may be ten thousand', async () => {
    const names = (await processMetrics().getMetricsAsJSON()).map(({ name }) => name);
    expect(names).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(names.filter((name) => name.startsWith('nodejs_active'))).toEqual([]);
  });
});
