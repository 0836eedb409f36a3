/** A YAML text as one plain document, or everything that is wrong with it and where. */
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { messageOf } from '@longshore/core';
import { wrongFile, type Place, type PlacedFault } from './faults.js';

/** More than any job needs; a few lines of references to references stand for billions of values. */
const mostAliases = 100;

const sentences: Partial<Record<YAMLError['code'], string>> = {
  MULTIPLE_DOCS: 'a second document begins here; a file holds one job',
  TAB_AS_INDENT: 'a tab stands where blanks have to; YAML is indented with blanks',
};

export class YamlText {
  private constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    readonly data: Record<string, unknown>,
  ) {}

  /** @throws LongshoreError `job-file-invalid` */
  static read(text: string, path: string): YamlText {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines });
    const faults = [...document.errors, ...document.warnings].map((fault) => faultOf(fault, text, lines));
    if (faults.length > 0) throw wrongFile(path, faults);
    if (!isMap(document.contents)) {
      const what = document.contents === null ? 'it is empty' : 'it must hold names and values';
      throw wrongFile(path, [
        { place: undefined, sentence: `${what}; a job begins with lines such as "plugin: echo"` },
      ]);
    }
    try {
      const data = document.toJS({ maxAliasCount: mostAliases }) as Record<string, unknown>;
      return new YamlText(document, lines, data);
    } catch (thrown) {
      const sentence = `it repeats itself by references too often: ${messageOf(thrown)}`;
      throw wrongFile(path, [{ place: undefined, sentence }]);
    }
  }

  /** Where a value stands, or its name; or else the nearest thing around it. */
  placeOf(path: readonly string[], what: 'name' | 'value' = 'value'): Place | undefined {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = this.nodeOf(path.slice(0, depth), depth < path.length ? 'name' : what);
      if (!isNode(node) || !node.range) continue;
      const { line, col } = this.lines.linePos(node.range[0]);
      return { line, column: col };
    }
    return undefined;
  }

  private nodeOf(path: readonly string[], what: 'name' | 'value'): unknown {
    const name = path.at(-1);
    const value = this.document.getIn(path.map(position), true);
    if (what === 'value' && isScalar(value) && value.range) return value;
    const around =
      path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1).map(position), true);
    const pair = isMap(around) ? around.items.find(({ key }) => String(key) === name) : undefined;
    return pair?.key ?? value;
  }
}

/** A position in a list is a number. */
function position(name: string): string | number {
  return /^\d+$/.test(name) ? Number(name) : name;
}

function faultOf(fault: YAMLError, text: string, lines: LineCounter): PlacedFault {
  const { line, col } = lines.linePos(fault.pos[0]);
  return { place: { line, column: col }, sentence: sentenceOf(fault, text) };
}

function sentenceOf({ code, message, pos: [from, to] }: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY') {
    const name = /^\s*([^\s:{},[\]]+)/.exec(text.slice(from, Math.max(to, from + 100)))?.[1] ?? '';
    return `"${name}" stands here for the second time`;
  }
  return sentences[code] ?? message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? code;
}
