/**
 * The objects in the answer to a listing, which are nearly all of it: found some ten times quicker than a parser of any XML could, and kept as a few bytes
 * each until somebody takes them. As objects, the pages that are listed ahead would grow old in memory: a hundred megabytes for a million keys.
 */
import { isAscii } from 'node:buffer';
import { unescapeXml } from '../xml-text.js';
import { FoundObjects, mostObjects, places, Sheet } from './found-objects.js';
import { archiveClasses } from './listed-object.js';
import type { ListedObjects } from './listed-objects.js';

const begin = Buffer.from('<Contents>');
const end = Buffer.from('</Contents>');

/** What an object has once at most. The values of the others are needed by nobody, and may hold elements of their own. */
const single = { Key: 1, ETag: 2, Size: 4, StorageClass: 8 };
const others = { LastModified: 0, Owner: 0, ChecksumAlgorithm: 0, ChecksumType: 0 };
const elements = Object.entries({ ...single, ...others }).map(([name, mark]) => {
  return { mark, open: Buffer.from(`<${name}>`), close: Buffer.from(`</${name}>`) };
});

const archives = archiveClasses.map((name) => Buffer.from(`${name}<`));

/** What stores write in the place of characters that XML needs itself. */
const entityNames = ['quot', 'amp', 'lt', 'gt', 'apos', '#34', '#39'];
const entities = entityNames.map((name) => {
  const text = `&${name};`;
  return { text: Buffer.from(text), code: unescapeXml(text).charCodeAt(0) };
});

/** An answer with anything like that around its objects is not read here: comments, odd entities, line breaks that XML makes others of. */
const strange = new RegExp(`<!|<\\?(?!xml )|<Contents|\\r|&(?!(?:${entityNames.join('|')});)`);

const code = (character: string) => character.charCodeAt(0);
const [space, lineBreak] = [code(' '), code('\n')];
const [less, ampersand, zero, nine] = [code('<'), code('&'), code('0'), code('9')];
const [exclamation, question] = [code('!'), code('?')];

/** Stands behind the last byte of an answer, and is in none. */
const nothing = 0;

const mostDigits = 15;

export interface FoundContents {
  objects: ListedObjects;
  /** The answer without them. */
  rest: string;
}

/** Reads pages into memory that is used again once a page was taken. */
export class ContentsReader {
  private readonly idle: Sheet[] = [];
  private body = Buffer.alloc(0);
  private text = Buffer.alloc(0);

  /** Undefined where anything looks unlike what all stores send; then a parser of any XML has to read it. @param answer in pieces, as it came */
  read(answer: readonly Uint8Array[]): FoundContents | undefined {
    const length = this.gather(answer);
    const { body, text } = this;
    const found = body.subarray(0, length).indexOf(begin);
    const first = found < 0 ? length : found;
    if (!isAscii(body.subarray(0, length))) return undefined;
    const sheet = this.idle.pop() ?? new Sheet();
    const read = new Search(body, text, sheet).from(first);
    const rest = read && body.toString('latin1', 0, first) + body.toString('latin1', read.end, length);
    if (!read || rest === undefined || strange.test(rest)) {
      this.idle.push(sheet);
      return undefined;
    }
    sheet.keep(text.subarray(0, read.used));
    return { objects: new FoundObjects(sheet, read.count, () => this.idle.push(sheet)), rest };
  }

  /** @returns how long it is */
  private gather(answer: readonly Uint8Array[]): number {
    const length = answer.reduce((sum, piece) => sum + piece.length, 0);
    if (this.body.length <= length) {
      this.body = Buffer.alloc(Math.ceil(length * 1.2) + 1);
      this.text = Buffer.alloc(this.body.length);
    }
    let at = 0;
    for (const piece of answer) {
      this.body.set(piece, at);
      at += piece.length;
    }
    this.body[at] = nothing;
    return length;
  }
}

/** Goes through an answer once, and copies the values that are needed. */
class Search {
  private at = 0;
  private used = 0;
  private count = 0;
  /** Elements come in the same order in each object. */
  private expected = 0;

  constructor(
    private readonly body: Uint8Array,
    private readonly text: Uint8Array,
    private readonly sheet: Sheet,
  ) {}

  from(first: number): { count: number; end: number; used: number } | undefined {
    this.at = first;
    while (this.pass(begin)) {
      if (this.count === mostObjects || !this.findObject()) return undefined;
      this.count += 1;
      this.passSpace();
    }
    return { count: this.count, end: this.at, used: this.used };
  }

  private findObject(): boolean {
    const { sheet, count } = this;
    sheet.clear(count);
    let seen = 0;
    this.passSpace();
    while (!this.pass(end)) {
      const element = this.open();
      if (!element || (seen & element.mark) !== 0) return false;
      seen |= element.mark;
      if (!this.readValue(element) || !this.pass(element.close)) return false;
      this.passSpace();
    }
    return (seen & single.Key) !== 0;
  }

  private open(): (typeof elements)[number] | undefined {
    for (let tried = 0; tried < elements.length; tried += 1) {
      const element = elements[(this.expected + tried) % elements.length];
      if (!element || !this.pass(element.open)) continue;
      this.expected += tried + 1;
      return element;
    }
    return undefined;
  }

  /** Up to where the element should be closed. */
  private readValue({ mark, close }: (typeof elements)[number]): boolean {
    switch (mark) {
      case single.Key:
        return this.copy(this.count * places);
      case single.ETag:
        return this.copy(this.count * places + 2);
      case single.Size:
        return this.readSize();
      case single.StorageClass:
        this.sheet.archived[this.count] = archives.some((name) => this.isAt(name)) ? 1 : 0;
        return this.passText();
      default:
        return this.passTo(close);
    }
  }

  private copy(place: number): boolean {
    const { body, text } = this;
    let { at, used } = this;
    if (body[at]! <= space) return false;
    for (let byte = body[at]!; byte !== less; byte = body[at]!) {
      // What comes before it is in no XML, but for breaks, which are rare enough.
      if (byte < space) return false;
      let character = byte;
      let length = 1;
      if (byte === ampersand) {
        const entity = entityAt(body, at);
        if (!entity) return false;
        [character, length] = [entity.code, entity.text.length];
      }
      text[used] = character;
      used += 1;
      at += length;
    }
    this.sheet.places[place] = this.used;
    this.sheet.places[place + 1] = used;
    const isText = at > this.at;
    [this.at, this.used] = [at, used];
    return isText;
  }

  private readSize(): boolean {
    const { body } = this;
    const from = this.at;
    let size = 0;
    for (let digit = body[this.at]!; digit >= zero && digit <= nine; digit = body[this.at]!) {
      size = size * 10 + digit - zero;
      this.at += 1;
    }
    this.sheet.sizes[this.count] = size;
    return this.at > from && this.at - from <= mostDigits;
  }

  private passText(): boolean {
    const { body } = this;
    const from = this.at;
    for (let byte = body[from]!; byte !== less; byte = body[this.at]!) {
      if (byte <= space || byte === ampersand) return false;
      this.at += 1;
    }
    return this.at > from;
  }

  private passTo(close: Uint8Array): boolean {
    const { body } = this;
    for (let byte = body[this.at]!; byte !== nothing; byte = body[this.at]!) {
      if (byte === less) {
        const next = body[this.at + 1];
        if (next === exclamation || next === question) return false;
        if (this.isAt(close)) return true;
      }
      this.at += 1;
    }
    return false;
  }

  private pass(token: Uint8Array): boolean {
    if (!this.isAt(token)) return false;
    this.at += token.length;
    return true;
  }

  private isAt(token: Uint8Array): boolean {
    return isAt(this.body, token, this.at);
  }

  private passSpace(): void {
    while (this.body[this.at] === space || this.body[this.at] === lineBreak) this.at += 1;
  }
}

function entityAt(body: Uint8Array, at: number): (typeof entities)[number] | undefined {
  for (const entity of entities) if (isAt(body, entity.text, at)) return entity;
  return undefined;
}

function isAt(body: Uint8Array, token: Uint8Array, at: number): boolean {
  for (let index = 0; index < token.length; index += 1) {
    if (body[at + index] !== token[index]) return false;
  }
  return true;
}
