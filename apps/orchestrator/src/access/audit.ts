/** Who was given rights, who lost them, and who was refused: one line each, without secrets and without line breaks of others. */
import { Injectable, Logger } from '@nestjs/common';
import { withoutSecrets, type AccessToken } from '@longshore/core';
import type { Problem } from '@longshore/core/protocol';
import { addressOf, type Caller, type KnownRequest } from './caller.js';

const longest = 200;

@Injectable()
export class Audit {
  private readonly log = new Logger('Access');

  created(token: AccessToken, by: Caller | undefined): void {
    this.log.log(`Token created: ${described(token)}, by ${nameOf(by)}.`, fieldsOf(token));
  }

  revoked(tokens: readonly AccessToken[], by: Caller | undefined): void {
    for (const token of tokens) this.log.log(`Token revoked: ${described(token)}, by ${nameOf(by)}.`, fieldsOf(token));
  }

  configured(token: AccessToken, what: 'added' | 'ended'): void {
    this.log.log(`Token of ${token.setting} ${what}: ${described(token)}.`, fieldsOf(token));
  }

  /** Every 401 and 403; the limit of failures bounds how many an address can cause. */
  refused(request: KnownRequest, { status, code }: Problem): void {
    const path = request.originalUrl.split('?')[0] ?? '';
    const what = `${request.method} ${quoted(path)} from ${addressOf(request)} by ${nameOf(request.caller)}`;
    this.log.warn(`Refused with ${status} ${code}: ${what}.`, {
      status,
      code,
      address: addressOf(request),
      token_id: request.caller?.shown?.token.id,
    });
  }
}

function described({ id, role, label, workerId }: AccessToken): string {
  const named = label === undefined ? '' : ` ${quoted(label)}`;
  const worker = workerId === undefined ? '' : ` of worker ${workerId}`;
  return `${role} ${id}${named}${worker}`;
}

function fieldsOf({ id, role, workerId }: AccessToken): Record<string, unknown> {
  return { token_id: id, role, worker_id: workerId };
}

function nameOf(caller: Caller | undefined): string {
  if (caller?.shown) return `${caller.role} ${caller.shown.token.id}`;
  if (caller?.legacy) return 'a legacy worker';
  return caller ? 'somebody on this machine' : 'nobody known';
}

/** What others have written, as one line that no terminal and no reader of logs misunderstands. */
export function quoted(text: string): string {
  const safe = withoutSecrets(text);
  const short = safe.length > longest ? `${safe.slice(0, longest)}...` : safe;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
