import { describe, expect, it } from '@jest/globals';
import { aPlugin } from '../testing/builders.js';
import { defineJobPlugin } from './define-job-plugin.js';
import { unknownFields } from './plugin-shape.js';
import type { ContainerDefinition, JobPlugin } from './job-plugin.js';

const { container } = aPlugin();
const withContainer = (changes: Partial<ContainerDefinition>) =>
  aPlugin({}, { container: { ...container, ...changes } });
const broken = (fault: RegExp) =>
  expect.objectContaining({ code: 'plugin-broken', message: expect.stringMatching(fault) });

describe('a plugin that is defined', () => {
  it('is the description itself, and cannot be changed any more', () => {
    const plugin = aPlugin();
    expect(defineJobPlugin(plugin)).toBe(plugin);
    expect(() => Object.assign(plugin, { name: 'other' })).toThrow(TypeError);
  });

  it.each(['a', '7', 'rgo-segmentation', 'x1-y2'])('may be called %j', (name) => {
    expect(defineJobPlugin(aPlugin({}, { name })).name).toBe(name);
  });

  it.each(['1.0.0', '0.0.1-beta.2', '12.34.56'])('may be of version %j', (version) => {
    expect(defineJobPlugin(aPlugin({}, { version })).version).toBe(version);
  });

  const faulty: [string, JobPlugin, RegExp][] = [
    ['an empty name', aPlugin({}, { name: '' }), /name must be/],
    ['a name with capitals', aPlugin({}, { name: 'Echo' }), /name must be/],
    ['a name that is a path', aPlugin({}, { name: '../echo' }), /name must be/],
    ['a version that is none', aPlugin({}, { version: 'new' }), /version must be/],
    ['params that are no class', aPlugin({}, { params: {} as JobPlugin['params'] }), /params must be a class/],
    ['a command that is no function', aPlugin({}, { command: 'ls' as never }), /command must be a function/],
    ['an empty image', withContainer({ image: ' ' }), /image is empty/],
    ['a container name with a space', withContainer({ name: 'a b' }), /not a container name/],
    [
      'a relative inputs mount',
      withContainer({ mounts: { inputs: 'in', outputs: '/out' } }),
      /inputs must be an absolute/,
    ],
    [
      'a relative outputs mount',
      withContainer({ mounts: { inputs: '/in', outputs: '' } }),
      /outputs must be an absolute/,
    ],
    ['one mount for both', withContainer({ mounts: { inputs: '/io', outputs: '/io' } }), /same path/],
    ['no processor', withContainer({ resources: { ...container.resources, cpus: 0 } }), /cpus must be more than 0/],
    ['no process', withContainer({ resources: { ...container.resources, pids: 0 } }), /pids must be at least 1/],
    [
      'a memory that is no size',
      withContainer({ resources: { ...container.resources, memory: 'lots' } }),
      /"lots" is not a size/,
    ],
    ['no memory', withContainer({ resources: { ...container.resources, memory: '0' } }), /"0" is not a size/],
    ['no pattern', aPlugin({ include: [] }), /include names no pattern/],
    ['outputs that are no function', aPlugin({ outputs: [] as never }), /outputs must be a function/],
    ['no time', aPlugin({}, { timeoutSeconds: 0 }), /timeoutSeconds must be more than 0/],
    ['no container', aPlugin({}, { container: undefined as never }), /container is missing/],
    ['no layout', { ...aPlugin(), layout: undefined as never }, /layout is missing/],
    ['no resources', withContainer({ resources: undefined }), /container\.resources is missing/],
    ['no mounts', withContainer({ mounts: undefined }), /mounts\.inputs must be .*mounts\.outputs must be/],
    [
      'a lifecycle of its own',
      withContainer({ lifecycle: 'hot' as never }),
      /lifecycle must be one of long-lived, warm, per-task/,
    ],
    ['no summary', aPlugin({}, { summary: '' }), /summary is missing/],
    ['a pattern that is no list', aPlugin({ exclude: '**' as never }), /exclude must be a list/],
    ['a hook that is no function', aPlugin({}, { interpret: {} as never }), /interpret must be a function/],
  ];
  it.each(faulty)('may not have %s', (_, plugin, fault) => {
    expect(() => defineJobPlugin(plugin)).toThrow(broken(fault));
  });

  it('is told all of its faults at once, by its name', () => {
    const plugin = aPlugin({ include: [] }, { name: 'Bad', version: 'x', timeoutSeconds: -1 });
    expect(() => defineJobPlugin(plugin)).toThrow(
      broken(/"Bad" cannot work: name .*; version .*; layout\.include .*; timeoutSeconds /),
    );
  });

  it('is told what to write instead, field by field', () => {
    const define = () => defineJobPlugin(aPlugin({ include: [] }, { name: 'Bad' }));
    expect(define).toThrow(
      expect.objectContaining({
        fields: [
          { pointer: '/name', detail: expect.stringContaining('Write one such as line-count.') },
          { pointer: '/layout/include', detail: expect.stringContaining('Write ["**"]') },
        ],
      }),
    );
  });

  it('is refused also when it is nothing at all', () => {
    expect(() => defineJobPlugin(undefined as never)).toThrow(broken(/the plugin is no object/));
  });
});

describe('the fields of a plugin', () => {
  it('are those of its type, and what is none of them is found', () => {
    const container = { ...aPlugin().container, ports: [80] };
    const mistyped = { ...aPlugin({ outptus: () => [] } as never), container, comand: () => [] };
    expect(unknownFields(mistyped)).toEqual(['comand', 'container.ports', 'layout.outptus']);
    expect(unknownFields(aPlugin())).toEqual([]);
  });
});
