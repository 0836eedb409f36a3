/** Refuses JSON that is nested deeper than anything of ours, before it is parsed. */
import { LongshoreError } from '@longshore/core';

/** A manifest is 7 deep. */
export const deepestJson = 32;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [...'"\\{}[]'].map((c) => c.charCodeAt(0));

/** @throws LongshoreError `invalid-request` */
export function refuseDeepJson(body: Uint8Array): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > deepestJson) {
        throw new LongshoreError('invalid-request', `The body is nested deeper than ${deepestJson} levels.`);
      }
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
}
