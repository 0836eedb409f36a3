/**
 * The objects in the answer to a listing, which are nearly all of it: found some ten times quicker than a parser of any XML could, and kept as the bytes they
 * came in until somebody takes them. As objects, the pages that are listed ahead would grow old in memory: a hundred megabytes for a million keys.
 */
import { isAscii } from 'node:buffer';
import type { ObjectRef } from '@longshore/core';
import { unescapeXml } from '../xml-text.js';
import { isArchive, objectOf } from './listed-object.js';
import type { ListedObjects } from './listed-objects.js';

const begin = '<Contents>';
const end = '</Contents>';

/** Where the beginning and the end of each value are noted; -1 for what nobody needs, which may hold elements of its own. */
const fields = {
  Key: 0,
  LastModified: -1,
  ETag: 2,
  Size: 4,
  StorageClass: 6,
  Owner: -1,
  ChecksumAlgorithm: -1,
  ChecksumType: -1,
};
const notes = 8;
const elements = Object.entries(fields).map(([name, field]) => ({ field, open: `<${name}>`, close: `</${name}>` }));

/** An answer that holds anything like that is not read here: comments, odd entities, line breaks that XML makes others of. */
const strange = /<!|<\?(?!xml )|<Contents[^>]|\r|&(?!(?:quot|amp|lt|gt|apos|#34|#39);)/;

/** S3 gives no more. */
const mostObjects = 1_000;

export interface FoundContents {
  objects: ListedObjects;
  /** The answer without them. */
  rest: string;
}

interface Sheet {
  bytes: Buffer;
  places: Uint32Array;
}

/** Reads pages into memory that is used again once a page was taken. */
export class ContentsReader {
  private readonly idle: Sheet[] = [];

  /** Undefined where anything looks unlike what all stores send; then a parser of any XML has to read it. */
  read(answer: Buffer): FoundContents | undefined {
    if (!isAscii(answer)) return undefined;
    const body = answer.toString('latin1');
    const first = body.indexOf(begin);
    if (first < 0 || strange.test(body)) return undefined;
    const sheet = this.idle.pop() ?? { bytes: Buffer.alloc(0), places: new Uint32Array(mostObjects * notes) };
    const found = new Search(body, sheet.places.fill(0)).from(first);
    if (found) {
      // With some room, because the next page is about as long.
      if (sheet.bytes.length < answer.length) sheet.bytes = Buffer.alloc(Math.ceil(answer.length * 1.2));
      answer.copy(sheet.bytes);
      const objects = new FoundObjects(sheet, found.count, () => this.idle.push(sheet));
      return { objects, rest: body.slice(0, first) + body.slice(found.end) };
    }
    this.idle.push(sheet);
    return undefined;
  }
}

/** Goes through an answer once and notes where the values are. */
class Search {
  private at = 0;
  private count = 0;
  /** Elements come in the same order in each object. */
  private expected = 0;

  constructor(
    private readonly body: string,
    private readonly places: Uint32Array,
  ) {}

  from(first: number): { count: number; end: number } | undefined {
    this.at = first;
    while (this.body.startsWith(begin, this.at)) {
      if (this.count === mostObjects || !this.findObject()) return undefined;
      this.count += 1;
    }
    return this.body.includes(begin, this.at) ? undefined : { count: this.count, end: this.at };
  }

  private findObject(): boolean {
    const { body, places } = this;
    this.at += begin.length;
    for (this.skipSpace(); !body.startsWith(end, this.at); this.skipSpace()) {
      const element = this.open();
      if (!element) return false;
      const from = this.at + element.open.length;
      const to = body.indexOf(element.close, from);
      if (to < 0) return false;
      this.at = to + element.close.length;
      if (element.field < 0) continue;
      const place = this.count * notes + element.field;
      if (places[place] !== 0 || !this.isText(from, to)) return false;
      if (element.field === fields.Size && !this.isNumber(from, to)) return false;
      places[place] = from;
      places[place + 1] = to;
    }
    this.at += end.length;
    this.skipSpace();
    return places[this.count * notes + fields.Key] !== 0;
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

  private isText(from: number, to: number): boolean {
    return from < to && this.body.charCodeAt(from) > 0x20 && this.body.indexOf('<', from) === to;
  }

  private isNumber(from: number, to: number): boolean {
    for (let at = from; at < to; at += 1) {
      const digit = this.body.charCodeAt(at);
      if (digit < 0x30 || digit > 0x39) return false;
    }
    return to - from <= 15;
  }

  private skipSpace(): void {
    while (this.body.charCodeAt(this.at) <= 0x20) this.at += 1;
  }
}

class FoundObjects implements ListedObjects {
  constructor(
    private readonly sheet: Sheet,
    readonly count: number,
    private readonly onTaken: () => void,
  ) {}

  key(index: number): string {
    return this.object(index).key;
  }

  take(count: number): ObjectRef[] {
    const objects = Array.from({ length: count }, (_, index) => this.object(index));
    this.onTaken();
    return objects;
  }

  private object(index: number): ObjectRef {
    const size = Number(this.text(index, fields.Size) ?? 0);
    const storageClass = this.text(index, fields.StorageClass);
    return objectOf(this.text(index, fields.Key) ?? '', size, this.text(index, fields.ETag), isArchive(storageClass));
  }

  private text(index: number, field: number): string | undefined {
    const { bytes, places } = this.sheet;
    const from = places[index * notes + field] ?? 0;
    if (from === 0) return undefined;
    const text = bytes.toString('latin1', from, places[index * notes + field + 1]);
    return text.includes('&') ? withoutEntities(text) : text;
  }
}

/** An ETag, as nearly every one of them comes. */
const quoted = /^&quot;([^&]*)&quot;$/;

function withoutEntities(text: string): string {
  const tag = quoted.exec(text)?.[1];
  return tag === undefined ? unescapeXml(text) : `"${tag}"`;
}
