import { describe, expect, it } from '@jest/globals';
import { deepestJson, refuseDeepJson } from './json-depth.js';

const read = (text: string) => () => refuseDeepJson(Buffer.from(text));

describe('the depth of a body', () => {
  it('B12: may be as deep as anything of ours, and no deeper', () => {
    expect(read('['.repeat(deepestJson) + ']'.repeat(deepestJson))).not.toThrow();
    expect(read('['.repeat(deepestJson + 1))).toThrow(/deeper than 32/);
    expect(read('{"a":'.repeat(deepestJson + 1))).toThrow(/deeper than 32/);
  });

  it('is no matter of what stands in strings, nor of how much there is beside each other', () => {
    expect(read(`["${'['.repeat(100)}", "\\"${'{'.repeat(100)}"]`)).not.toThrow();
    expect(read(`[${'[],'.repeat(1_000)}[]]`)).not.toThrow();
    expect(read(`["\\\\", ${'['.repeat(40)}`)).toThrow(/deeper/);
  });
});
