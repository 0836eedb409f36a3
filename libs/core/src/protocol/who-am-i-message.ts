/** What an orchestrator says to whoever asks who they are to it. */
import type { Role } from '../access/access-token.js';
import type { TokenMessage } from './token-messages.js';

/** Who shows nothing where a token is needed is nobody, and is told nothing of the orchestrator either. */
export interface WhoAmIAnswer extends Pick<TokenMessage, 'expires_at' | 'uses' | 'max_uses' | 'plugin'> {
  role: Role | 'none';
  /** Of the orchestrator. */
  version?: string;
  cluster?: string;
}
