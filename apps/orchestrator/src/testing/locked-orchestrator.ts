/** An orchestrator with tokens, and one of each kind to show to it. */
import type { Role } from '@longshore/core';
import type { CreatedTokenAnswer, RegisterAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from './orchestrator-on-fakes.js';

export const adminToken = 'canary-admin-token-0123456789abcdef';
export const configuredJoinToken = 'canary-join-token-0123456789abcdefg';

export async function lockedOrchestrator(environment: Record<string, string> = {}): Promise<OrchestratorOnFakes> {
  return OrchestratorOnFakes.start({
    LONGSHORE_ADMIN_TOKEN: adminToken,
    LONGSHORE_JOIN_TOKEN: configuredJoinToken,
    ...environment,
  });
}

export async function createToken(
  orchestrator: OrchestratorOnFakes,
  wish: { role: Role } & Record<string, unknown>,
): Promise<CreatedTokenAnswer> {
  const answer = await orchestrator.ask<CreatedTokenAnswer>('POST', '/api/v1/tokens', {
    token: adminToken,
    body: wish,
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** A worker that comes in with a token. */
export async function joinWith(
  orchestrator: OrchestratorOnFakes,
  token: string | undefined,
  more: Record<string, unknown> = {},
): Promise<RegisterAnswer & { token: string }> {
  const body = { hostname: 'here', plugin: 'echo', ...more };
  const answer = await orchestrator.ask<RegisterAnswer & { token: string }>('POST', '/register', { token, body });
  if (answer.status !== 200) throw Object.assign(new Error(JSON.stringify(answer.body)), answer.body);
  return answer.body;
}
