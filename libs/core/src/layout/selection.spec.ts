import { describe, expect, it } from '@jest/globals';
import { createSelection } from './selection.js';

const selects = (include: string[], exclude: string[] = []) => createSelection({ include, exclude });

describe('a selection', () => {
  const everything = selects(['**']);

  it.each([
    'x',
    'a/b/c.txt',
    '.hidden',
    '.hidden/inside.txt',
    'a/.hidden/x',
    '-rf',
    'a b',
    '[x](y){z}*?!+@.png',
    'back\\slash',
    'new\nline',
    'a\nb/c\r\nd',
    'ü/☃/🚢',
    '%2F#?&',
    '...',
  ])('of everything takes %j', (name) => {
    expect(everything(name)).toBe(true);
  });

  it.each(['..', '../outside', './here', 'a/../b', 'a/./b', 'a//b', '/absolute', 'a/..'])(
    'of everything takes %j too, so that it is refused by name and not passed over',
    (name) => {
      expect(everything(name)).toBe(true);
    },
  );

  it('takes what one of the patterns matches', () => {
    const images = selects(['**/*.png', 'plates/*/raw/**']);
    expect(['x.png', 'a/b/x.png', '../x.png', 'a/new\nline.png', 'plates/7/raw/a/b'].map(images)).toEqual(
      Array(5).fill(true),
    );
    expect(['x.tif', 'x.png.txt', 'png', 'plates/7/8/raw/a', 'other/plates/7/raw/a'].map(images)).toEqual(
      Array(5).fill(false),
    );
  });

  it('leaves out what one of the exclude patterns matches', () => {
    const wanted = selects(['**'], ['**/*.tmp', 'scratch/**']);
    expect(['a.txt', 'scratchpad/x', 'a/scratch/b'].map(wanted)).toEqual([true, true, true]);
    expect(['a.tmp', 'a/b.tmp', 'a\nb/c.tmp', 'scratch/x', 'scratch/../x'].map(wanted)).toEqual(Array(5).fill(false));
  });

  it('tells folders apart from what only begins like them', () => {
    const [inOne, belowAny] = [selects(['plate-1/*']), selects(['*/x'])];
    expect(['plate-1/x', 'plate-10/x', 'plate-1/x/y'].map(inOne)).toEqual([true, false, false]);
    expect(['a/x', 'a/b/x', 'x'].map(belowAny)).toEqual([true, false, false]);
  });

  it('does not ask for letter case', () => {
    expect(['X.PNG', 'x.png', 'A/x.Png'].map(selects(['**/*.png']))).toEqual([true, true, true]);
  });

  it('without patterns takes nothing', () => {
    expect(selects([])('x')).toBe(false);
  });
});
