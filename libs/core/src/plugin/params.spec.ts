import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsNumber, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { parameterNames, readParams } from './params.js';

class Channel {
  @IsString() name: string = 'red';
  @IsInt() @Min(0) index: number = 0;
}

class Params {
  @IsNumber() @Min(0) @Max(20) smoothing: number = 1.5;
  @IsInt() minArea: number = 15;
  @IsBoolean() invert: boolean = true;
  @IsString() model: string = 'nuclei';
  @IsOptional() @IsNumber() threshold?: number;
  @IsOptional() @IsArray() @IsNumber({}, { each: true }) sizes?: number[];
  @IsOptional() @ValidateNested() @Type(() => Channel) channel?: Channel;
}

class Base {
  @IsInt() inherited: number = 1;
}

class Derived extends Base {
  @IsInt() own: number = 2;
}

class Nothing {}

const plugin = { name: 'segment', params: Params };
const defaults = { smoothing: 1.5, minArea: 15, invert: true, model: 'nuclei' };
const read = (given: Record<string, unknown>) => ({ ...readParams(plugin, given) });
const wrong = (...parts: string[]) =>
  expect.objectContaining({
    code: 'invalid-parameters',
    message: expect.stringMatching(new RegExp(`^The parameters of segment are wrong: .*${parts.join('.*')}`)),
  });

describe('parameters', () => {
  it('are the defaults where nothing is given', () => {
    expect(read({})).toEqual(defaults);
    expect(read({ smoothing: undefined })).toEqual(defaults);
    expect(readParams(plugin, {})).toBeInstanceOf(Params);
  });

  it('are what is given, and the defaults for the rest', () => {
    expect(read({ smoothing: 0, invert: false, model: '' })).toEqual({
      ...defaults,
      smoothing: 0,
      invert: false,
      model: '',
    });
  });

  it('are numbers, switches and texts as their initial values are, where plain JavaScript declares no types', () => {
    const Plain = class {
      size = 1;
      isDeep = false;
      model: unknown = 'nuclei';
    };
    IsInt()(Plain.prototype, 'size');
    IsBoolean()(Plain.prototype, 'isDeep');
    IsString()(Plain.prototype, 'model');
    const given = { size: '3', isDeep: 'true', model: 7 };
    expect({ ...readParams({ name: 'segment', params: Plain }, given) }).toEqual({ size: 3, isDeep: true, model: '7' });
  });

  it('do not share their defaults from one reading to the next', () => {
    const first = readParams(plugin, {});
    first.smoothing = 9;
    expect(read({})).toEqual(defaults);
  });

  it('leave what was given as it was', () => {
    const given = Object.freeze({ smoothing: '2' });
    read(given);
    expect(given).toEqual({ smoothing: '2' });
  });

  it.each([
    ['smoothing', '2.5', 2.5],
    ['smoothing', ' 7 ', 7],
    ['smoothing', '1e1', 10],
    ['minArea', '0', 0],
    ['threshold', '-0.5', -0.5],
    ['invert', 'true', true],
    ['invert', 'false', false],
    ['model', '7', '7'],
    ['model', 'false', 'false'],
    ['model', 7, '7'],
  ])('may be text, as from a command line: %s=%j is %j', (name, text, value) => {
    expect(read({ [name]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ['smoothing', ''],
    ['smoothing', '  '],
    ['smoothing', 'much'],
    ['smoothing', '1,5'],
    ['smoothing', 'Infinity'],
    ['smoothing', 'NaN'],
    ['smoothing', true],
    ['smoothing', null],
    ['smoothing', [5]],
    ['smoothing', -1],
    ['smoothing', 21],
    ['minArea', '1.5'],
    ['invert', 'yes'],
    ['invert', ''],
    ['invert', 1],
    ['invert', null],
    ['model', null],
    ['model', { a: 1 }],
    ['model', ['a']],
    ['sizes', ['a']],
  ])('are refused by name when the value does not fit: %s=%j', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(wrong(name));
  });

  it('that are unknown are refused by name, and the remedy names the known ones', () => {
    expect(() => read({ smoothness: 1 })).toThrow(wrong('smoothness'));
    expect(() => read({ smoothness: 1 })).toThrow(
      expect.objectContaining({
        remedy: 'It knows channel, invert, minArea, model, sizes, smoothing, threshold.',
      }),
    );
  });

  it('are all named when several are wrong', () => {
    expect(() => read({ smoothing: 'much', minArea: 0.5, extra: 1 })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/(?=.*smoothing)(?=.*minArea)(?=.*extra)/),
      }),
    );
  });

  it('are refused when the plugin takes none', () => {
    const none = { name: 'segment', params: Nothing };
    expect({ ...readParams(none, {}) }).toEqual({});
    expect(() => readParams(none, { x: 1 })).toThrow(
      expect.objectContaining({ code: 'invalid-parameters', remedy: 'This plugin takes none.' }),
    );
  });

  it('may be objects, of which every faulty field is named with its path', () => {
    expect(readParams(plugin, { channel: { index: 3 } }).channel).toEqual({ name: 'red', index: 3 });
    expect(() => read({ channel: { index: -1 } })).toThrow(wrong('channel', 'index'));
    expect(() => read({ channel: { colour: 'red' } })).toThrow(wrong('channel', 'colour'));
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'cannot be reached under them by "%s"',
    (name) => {
      const given = JSON.parse(`{"${name}": {"polluted": 1}}`) as Record<string, unknown>;
      try {
        expect({ ...readParams(plugin, given) }).toEqual(defaults);
      } catch (thrown) {
        expect(thrown).toEqual(wrong(name));
      }
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    },
  );
});

describe('the names of parameters', () => {
  it('are those of the class and of what it extends, in order', () => {
    expect(parameterNames(Derived)).toEqual(['inherited', 'own']);
    expect(parameterNames(Nothing)).toEqual([]);
  });
});
