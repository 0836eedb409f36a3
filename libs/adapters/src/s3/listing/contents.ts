/** Takes the objects out of the answer to a listing, which is nearly all of it, some ten times quicker than a parser of any XML could. */
import type { ObjectRef } from '@longshore/core';
import { isArchive, objectOf } from './listed-object.js';

const begin = '<Contents>';
const end = '</Contents>';

const names = ['Key', 'LastModified', 'ETag', 'Size', 'StorageClass', 'Owner', 'ChecksumAlgorithm', 'ChecksumType'];
const elements = names.map((name) => ({ name, open: `<${name}>`, close: `</${name}>` }));

/** What nobody needs; they may hold elements of their own. */
const unread: ReadonlySet<string> = new Set(['LastModified', 'Owner', 'ChecksumAlgorithm', 'ChecksumType']);

/** An answer that holds anything like that is not read here. */
const strange = /<!|<\?(?!xml )|<Contents[^>]/;

export interface Taken {
  objects: ObjectRef[];
  /** The answer without them. */
  rest: string;
}

/** Undefined where anything looks unlike what all stores send; then a parser of any XML has to read it. */
export function takeContents(answer: Buffer): Taken | undefined {
  const body = answer.toString();
  const first = body.indexOf(begin);
  if (first < 0 || strange.test(body)) return undefined;
  const reader = new ContentsReader(answer, body, first);
  const objects: ObjectRef[] = [];
  while (body.startsWith(begin, reader.at)) {
    const object = reader.next();
    if (!object) return undefined;
    objects.push(object);
  }
  if (body.includes(begin, reader.at)) return undefined;
  return { objects, rest: body.slice(0, first) + body.slice(reader.at) };
}

class ContentsReader {
  /** Of the bytes and the text alike, so that a key can be taken from the bytes: a part of a text keeps all of it in memory. */
  private readonly isAscii: boolean;
  /** Elements come in the same order in each object. */
  private expected = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly body: string,
    public at: number,
  ) {
    this.isAscii = bytes.length === body.length;
  }

  /** The next object, or undefined where it is not simply that. */
  next(): ObjectRef | undefined {
    const { body } = this;
    let key: string | undefined;
    let sizeBytes: number | undefined;
    let etag: string | undefined;
    let storageClass: string | undefined;
    this.at += begin.length;
    for (this.skipSpace(); !body.startsWith(end, this.at); this.skipSpace()) {
      const element = this.open();
      const from = this.at + (element?.open.length ?? 0);
      const to = element ? body.indexOf(element.close, from) : -1;
      if (!element || to < 0) return undefined;
      this.at = to + element.close.length;
      if (unread.has(element.name)) continue;
      const text = this.text(from, to);
      if (text === undefined) return undefined;
      if (element.name === 'Key' && key === undefined) key = text;
      else if (element.name === 'ETag' && etag === undefined) etag = text;
      else if (element.name === 'StorageClass' && storageClass === undefined) storageClass = text;
      else if (element.name === 'Size' && sizeBytes === undefined && /^\d{1,15}$/.test(text)) sizeBytes = Number(text);
      else return undefined;
    }
    this.at += end.length;
    this.skipSpace();
    return key === undefined ? undefined : objectOf(key, sizeBytes, etag, isArchive(storageClass));
  }

  private open(): (typeof elements)[number] | undefined {
    for (let tried = 0; tried < elements.length; tried += 1) {
      const element = elements[(this.expected + tried) % elements.length];
      if (!element || !this.body.startsWith(element.open, this.at)) continue;
      this.expected += tried + 1;
      return element;
    }
    return undefined;
  }

  /** Undefined where it is empty or takes more care. */
  private text(from: number, to: number): string | undefined {
    const isQuoted = this.body.startsWith(quote, from) && this.body.startsWith(quote, to - quote.length);
    const [start, stop] = isQuoted ? [from + quote.length, to - quote.length] : [from, to];
    if (start >= stop) return undefined;
    const text = this.isAscii ? this.bytes.toString('latin1', start, stop) : this.body.slice(start, stop);
    if (/[<\s]/.test(text)) return undefined;
    const value = text.includes('&') ? withoutEntities(text) : text;
    return value !== undefined && isQuoted ? `"${value}"` : value;
  }

  private skipSpace(): void {
    while (this.body.charCodeAt(this.at) <= 0x20) this.at += 1;
  }
}

/** As it comes around each tag. */
const quote = '&quot;';

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&amp;': '&',
  '&apos;': "'",
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

function withoutEntities(text: string): string | undefined {
  let isKnown = true;
  const value = text.replace(/&[^;&]*;?/g, (entity) => {
    const character = entities[entity];
    isKnown &&= character !== undefined;
    return character ?? '';
  });
  return isKnown ? value : undefined;
}
