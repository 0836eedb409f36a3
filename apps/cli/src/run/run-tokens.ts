/** The tokens of one run: nobody else on the machine reaches its orchestrator, and nobody needs to know them. */
import { newSecret } from '@longshore/core';

/** Handed on by the environment, which only this user can read; what this user has set for other orchestrators is left out. */
const others = {
  LONGSHORE_TOKEN: '',
  LONGSHORE_TOKEN_FILE: '',
  LONGSHORE_ADMIN_TOKEN: '',
  LONGSHORE_ADMIN_TOKEN_FILE: '',
  LONGSHORE_JOIN_TOKEN: '',
  LONGSHORE_JOIN_TOKEN_FILE: '',
  LONGSHORE_ALLOW_LEGACY_WORKERS: '',
};

export class RunTokens {
  readonly admin = newSecret('admin');
  private readonly join = newSecret('join');

  get ofOrchestrator(): Record<string, string> {
    return { ...others, LONGSHORE_ADMIN_TOKEN: this.admin, LONGSHORE_JOIN_TOKEN: this.join };
  }

  get ofWorkers(): Record<string, string> {
    return { ...others, LONGSHORE_JOIN_TOKEN: this.join };
  }
}
