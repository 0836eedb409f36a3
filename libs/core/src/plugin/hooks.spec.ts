import { describe, expect, it } from '@jest/globals';
import { aJobSpec, anObject, aPlugin } from '../testing/builders.js';
import { callHook, declaredOutputs, declaredRecord, pluginObject } from './hooks.js';

const object = pluginObject(aJobSpec().input, anObject('in/a/x.tif'));
const failed = (...parts: string[]) =>
  expect.objectContaining({ code: 'hook-failed', message: expect.stringMatching(new RegExp(parts.join('.*'))) });

const throwing = () => {
  throw new Error('the disk of the plugin is full.');
};

describe('an object as hooks see it', () => {
  it('has its key below the prefix beside all that the listing showed', () => {
    expect(object).toEqual({ ...anObject('in/a/x.tif'), relativeKey: 'a/x.tif' });
  });
});

describe('the outputs a plugin declares', () => {
  it('are what the hook says of the object', () => {
    const plugin = aPlugin({ outputs: ({ relativeKey }) => [relativeKey, `${relativeKey}.csv`, 'fixed/name'] });
    expect(declaredOutputs(plugin, object)).toEqual(['a/x.tif', 'a/x.tif.csv', 'fixed/name']);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'gave no list of names'],
    ['a text', 'a.csv', 'gave no list of names'],
    ['a promise', Promise.resolve(['a.csv']), 'gave no list of names'],
    ['something that is no name', ['a.csv', 7], 'gave no list of names'],
    ['an empty list', [], 'named no output'],
    ['a name twice', ['a.csv', 'b.csv', 'a.csv'], 'named an output twice'],
    ['an absolute path', ['/etc/passwd'], 'named "/etc/passwd", which is refused because'],
    ['a path to elsewhere', ['../../x'], 'named "../../x", which is refused because'],
    ['a folder', ['a/'], 'named "a/", which is refused because'],
  ])('are refused when the hook gives %s', (_, answer, why) => {
    const plugin = aPlugin({ outputs: () => answer as string[] });
    expect(() => declaredOutputs(plugin, object)).toThrow(
      failed('layout.outputs of the plugin echo', why, 'in/a/x.tif'),
    );
    expect(() => declaredOutputs(plugin, object)).toThrow(expect.objectContaining({ objectKey: 'in/a/x.tif' }));
  });

  it('are refused when the hook throws, with what it said', () => {
    const thrown = failed(
      'layout.outputs of the plugin echo threw for "in/a/x.tif": the disk of the plugin is full\\.$',
    );
    expect(() => declaredOutputs(aPlugin({ outputs: throwing }), object)).toThrow(thrown);
  });
});

describe('the record a plugin declares', () => {
  it('is what the hook says of the object, or none where there is no hook', () => {
    expect(declaredRecord(aPlugin({ record: ({ relativeKey }) => `${relativeKey}.json` }), object)).toBe(
      'a/x.tif.json',
    );
    expect(declaredRecord(aPlugin(), object)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'gave no name'],
    ['a list', ['a.json'], 'gave no name'],
    ['an empty text', '', 'named "", which is refused because'],
    ['a path to elsewhere', '../secret.json', 'named "../secret.json", which is refused because'],
  ])('is refused when the hook gives %s', (_, answer, why) => {
    const plugin = aPlugin({ record: () => answer as string });
    expect(() => declaredRecord(plugin, object)).toThrow(failed('layout.record of the plugin echo', why, 'in/a/x.tif'));
  });

  it('is refused when the hook throws', () => {
    expect(() => declaredRecord(aPlugin({ record: throwing }), object)).toThrow(failed('layout.record', 'is full'));
  });
});

describe('a hook', () => {
  it('gives its answer on', () => {
    expect(callHook(aPlugin(), 'command', 'task', () => ['true'])).toEqual(['true']);
  });

  it.each<[unknown, string]>([
    [new TypeError('x is not a function'), 'x is not a function'],
    [new Error(''), 'Error'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [{ no: 'error' }, 'object Object'],
  ])('that throws %p is named with it', (thrown, said) => {
    const call = () =>
      callHook(aPlugin(), 'command', 'task 7', () => {
        throw thrown;
      });
    expect(call).toThrow(failed('command of the plugin echo threw for "task 7"', said));
  });

  it('that throws leaves what it threw as the cause', () => {
    const cause = new Error('deep inside');
    const call = () =>
      callHook(aPlugin(), 'command', 'task 7', () => {
        throw cause;
      });
    expect(call).toThrow(expect.objectContaining({ cause }));
  });
});
