/** Takes the objects out of the answer to a listing, which is nearly all of it, some ten times quicker than a parser of any XML could. */
import type { _Object as S3Object, ObjectStorageClass } from '@aws-sdk/client-s3';
import type { ObjectRef } from '@longshore/core';
import { listedObject } from './listed-object.js';

const begin = '<Contents>';
const end = '</Contents>';

/** What nobody asks for, or nobody needs; each may hold elements of its own. */
const unread: ReadonlySet<string> = new Set(['LastModified', 'Owner', 'ChecksumAlgorithm', 'ChecksumType']);

/** How an answer may look that is read here. In any other there may be more than meets this eye. */
const strange = /<!|<\?(?!xml )|<Contents[^>]/;

export interface Taken {
  objects: ObjectRef[];
  /** The answer without them. */
  rest: string;
}

/** Undefined where anything looks unlike what all stores send; then a parser of any XML has to read it. */
export function takeContents(body: string): Taken | undefined {
  const first = body.indexOf(begin);
  if (first < 0 || strange.test(body)) return undefined;
  const objects: ObjectRef[] = [];
  let at = first;
  while (body.startsWith(begin, at)) {
    const found = readObject(body, at + begin.length);
    if (!found) return undefined;
    objects.push(listedObject(found.object));
    at = skipSpace(body, found.end);
  }
  if (body.includes(begin, at)) return undefined;
  return { objects, rest: body.slice(0, first) + body.slice(at) };
}

function readObject(body: string, start: number): { object: S3Object; end: number } | undefined {
  const object: S3Object = {};
  let at = start;
  for (;;) {
    at = skipSpace(body, at);
    if (body.startsWith(end, at)) break;
    const nameEnd = body.indexOf('>', at);
    if (nameEnd < 0 || body[at] !== '<') return undefined;
    const name = body.slice(at + 1, nameEnd);
    const closing = body.indexOf(`</${name}>`, nameEnd);
    if (closing < 0) return undefined;
    if (!unread.has(name) && !set(object, name, body.slice(nameEnd + 1, closing))) return undefined;
    at = closing + name.length + 3;
  }
  return object.Key === undefined ? undefined : { object, end: at + end.length };
}

/** @returns whether that is a field, for the first time, with a value that needs no more care */
function set(object: S3Object, name: string, text: string): boolean {
  if (text === '' || /[<\s]/.test(text)) return false;
  const value = text.includes('&') ? withoutEntities(text) : text;
  if (value === undefined) return false;
  switch (name) {
    case 'Key':
      return object.Key === undefined && Boolean((object.Key = value));
    case 'ETag':
      return object.ETag === undefined && Boolean((object.ETag = value));
    case 'StorageClass':
      return object.StorageClass === undefined && Boolean((object.StorageClass = value as ObjectStorageClass));
    case 'Size':
      if (object.Size !== undefined || !/^\d{1,15}$/.test(value)) return false;
      object.Size = Number(value);
      return true;
    default:
      return false;
  }
}

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

function skipSpace(body: string, start: number): number {
  let at = start;
  while (body.charCodeAt(at) <= 0x20) at += 1;
  return at;
}
