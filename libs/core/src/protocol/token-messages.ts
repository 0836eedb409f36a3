/** Tokens as they travel: a secret only when it is new. */
import 'reflect-metadata';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { AccessToken, Role } from '../access/access-token.js';
import { isAlive } from '../access/token-rules.js';
import { isoTime } from './iso-time.js';

/** The token of a worker comes with its registration and with heartbeats. */
export const creatableRoles = ['admin', 'submit', 'read', 'join'] as const satisfies Role[];

export class CreateTokenRequest {
  @IsIn(creatableRoles) role!: (typeof creatableRoles)[number];
  @IsOptional() @IsString() @Length(1, 100) label?: string;
  /** A join token lives an hour where nothing is said, any other until it is revoked. */
  @IsOptional() @IsInt() @Min(1) @Max(10 * 366 * 86_400) expires_seconds?: number;
  /** How many workers a join token lets in. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) uses?: number;
  /** The only plugin whose workers a join token lets in. */
  @IsOptional() @IsString() @Length(1, 100) plugin?: string;
}

export interface TokenMessage {
  id: string;
  role: Role;
  label?: string;
  /** False when it was revoked or has expired. */
  valid: boolean;
  created_at: string;
  expires_at?: string;
  revoked_at?: string;
  last_used_at?: string;
  uses?: number;
  max_uses?: number;
  plugin?: string;
  worker_id?: string;
  /** The token that was shown for this one. */
  parent_id?: string;
}

export interface CreatedTokenAnswer extends TokenMessage {
  /** The secret. It is shown this once. */
  token: string;
}

export interface RevokeAnswer {
  /** Ids of the tokens that this has ended: the token itself, and those that were handed out for it. */
  revoked: string[];
}

/** What an answer to a worker holds when it is given a new token; the one before stays valid for a while. */
export interface TokenAnswer {
  token?: string;
  /** How long the token lives; it is renewed at half of that. */
  token_seconds?: number;
}

export function tokenMessage(token: AccessToken, now: number): TokenMessage {
  const { id, role, label, plugin, workerId, parentId, maxUses } = token;
  return {
    id,
    role,
    ...(label !== undefined && { label }),
    valid: isAlive(token, now),
    created_at: isoTime(token.createdAt),
    ...(token.expiresAt !== undefined && { expires_at: isoTime(token.expiresAt) }),
    ...(token.revokedAt !== undefined && { revoked_at: isoTime(token.revokedAt) }),
    ...(token.lastUsedAt !== undefined && { last_used_at: isoTime(token.lastUsedAt) }),
    ...(role === 'join' && { uses: token.uses }),
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(plugin !== undefined && { plugin }),
    ...(workerId !== undefined && { worker_id: workerId }),
    ...(parentId !== undefined && { parent_id: parentId }),
  };
}
