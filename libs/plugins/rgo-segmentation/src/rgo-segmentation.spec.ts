import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readParams, type ObjectRecord, type PluginObject } from '@longshore/core';
import plugin, { SegmentationParams } from './index.js';

const object: PluginObject = { key: 'plate/a/x.tif', relativeKey: 'a/x.tif', sizeBytes: 1, etag: 'e' };

describe('the reference plugin', () => {
  it('is the original: rgo_container, /app/Inputs, /app/Outputs, run_segmentation.sh by exec', () => {
    expect(plugin.container).toMatchObject({
      name: 'rgo_container',
      lifecycle: 'long-lived',
      mounts: { inputs: '/app/Inputs', outputs: '/app/Outputs' },
      network: 'none',
    });
    const task = {
      objects: [object],
      params: new SegmentationParams(),
      variables: {},
      inputs: '/app/Inputs',
      outputs: '/app/Outputs',
    };
    expect(plugin.command(task)).toEqual(['/app/run_segmentation.sh', '/app/Inputs', '/app/Outputs']);
  });

  it('keeps sub-folders and the full input name in the output name', () => {
    expect(plugin.layout.outputs(object)).toEqual(['a/x.tif.labels.png']);
  });

  it('has the defaults of the program in the image', async () => {
    const settings = await readFile(join(import.meta.dirname, '..', 'image', 'settings.py'), 'utf8');
    const defaults = [...settings.matchAll(/"(RGO_\w+)", default=([\d.]+)/g)].map(([, name, value]) => [
      name,
      Number(value),
    ]);
    const environment =
      plugin.environment?.({ objects: [], params: readParams(plugin, {}), variables: {}, inputs: '', outputs: '' }) ??
      {};
    expect(Object.entries(environment).map(([name, value]) => [name, Number(value)])).toEqual(defaults);
  });

  it('makes one table for the job, ordered by file, names with commas quoted', async () => {
    const records: ObjectRecord[] = ['b.png', 'a, c.png'].map((relativeKey, index) => ({
      objectKey: `plate/${relativeKey}`,
      relativeKey,
      record: { count: index, threshold: 0.5, width: 10, height: 20 },
    }));
    const files = plugin.summarize?.({
      params: new SegmentationParams(),
      async *records() {
        yield* records;
      },
    });
    const texts: string[] = [];
    for await (const file of files ?? []) {
      expect(file.name).toBe('counts.csv');
      for await (const text of file.content) texts.push(text);
    }
    expect(texts.join('')).toBe('file,count,threshold,width,height\n"a, c.png",1,0.5,10,20\nb.png,0,0.5,10,20\n');
  });
});
