/** Tokens: what somebody shows to be let in, and what it lets them do. */

/**
 * - `admin`: everything
 * - `submit`: give and steer jobs, and all that `read` may
 * - `read`: look
 * - `join`: become a worker, and nothing else
 * - `worker`: ask for work and report on it, as one worker
 */
export const roles = ['admin', 'submit', 'read', 'join', 'worker'] as const;
export type Role = (typeof roles)[number];

export interface TokenSecret {
  /** SHA-256 of what its bearer shows, in hex; the secret itself is kept nowhere. */
  hash: string;
  /** When this secret ends, although the token may go on with another. */
  expiresAt?: number;
}

export interface AccessToken {
  id: string;
  role: Role;
  /** One, or for a worker the last few: the one before stays valid for a while when a new one is handed out. */
  secrets: TokenSecret[];
  label?: string;
  createdAt: number;
  expiresAt?: number;
  revokedAt?: number;
  /** To the minute. */
  lastUsedAt?: number;
  /** How many workers a join token has let in. */
  uses: number;
  maxUses?: number;
  /** The plugin that workers must have that come in with it. */
  plugin?: string;
  /** The worker it belongs to. */
  workerId?: string;
  /** The token that was shown for this one. */
  parentId?: string;
  /** The setting it comes from; it ends when the setting says something else. */
  setting?: string;
}
