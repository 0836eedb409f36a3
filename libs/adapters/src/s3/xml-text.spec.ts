import { describe, expect, it } from '@jest/globals';
import { escapeXml, unescapeXml } from './xml-text.js';

describe('the text of XML', () => {
  it('comes back as it was, whatever it holds', () => {
    const text = `<a href="b">it's & it was</a> &amp; ü 🔬`;
    expect(escapeXml(text)).not.toMatch(/[<>"']/);
    expect(unescapeXml(escapeXml(text))).toBe(text);
  });

  it('may name its characters by name, by number and by hexadecimal number', () => {
    expect(unescapeXml('&quot;a&quot; &lt;&#233;&gt; &#x1F52C; &apos;&amp;&apos;')).toBe(`"a" <é> 🔬 '&'`);
  });

  it('keeps what is no entity, and is read once only', () => {
    expect(unescapeXml('a & b &unknown; &#1114112; &;')).toBe('a & b &unknown; &#1114112; &;');
    expect(unescapeXml('&amp;lt;')).toBe('&lt;');
  });
});
