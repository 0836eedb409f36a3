/** Judges the orchestrator, and the tokens that this environment shows to it. */
import type { LongshoreError, Role } from '@longshore/core';
import type { WhoAmIAnswer } from '@longshore/core/protocol';
import { finding, type Finding } from '../finding.js';

export interface OrchestratorFacts {
  url: string;
  /** Why nobody of ours answers. */
  failure?: LongshoreError;
  /** Why it is not ready; undefined where it is. */
  notReady?: string;
}

const check = 'orchestrator';

export function judgeOrchestrator({ url, failure, notReady }: OrchestratorFacts): Finding {
  if (failure?.code === 'wrong-cluster')
    return finding('orchestrator-other-cluster', check, `${url}: ${failure.message}`);
  if (failure) return finding('orchestrator-unreachable', check, failure.message);
  if (notReady !== undefined)
    return finding('orchestrator-not-ready', check, `${url} answers, and is not ready: ${notReady}`);
  return finding('orchestrator-ok', check, `${url} answers and is ready.`);
}

/** What became of a token: who it makes of its bearer, or why it was refused or could not even be read. */
export type TokenFacts = { answer: WhoAmIAnswer } | { refused: LongshoreError } | { unreadable: LongshoreError };

/** @param own version of this command */
export function judgeToken(facts: TokenFacts, own: string): Finding[] {
  if ('unreadable' in facts) return [finding('token-unreadable', 'token', facts.unreadable.message)];
  if ('refused' in facts) return [finding('token-refused', 'token', facts.refused.message)];
  const { role, version, cluster, expires_at: end } = facts.answer;
  if (role === 'none') return [finding('token-missing', 'token', 'It needs a token, and this environment has none.')];
  const until = end === undefined ? '' : `, until ${end}`;
  const said = `It takes you for "${role}"${until}, in the cluster "${cluster ?? 'default'}".`;
  return [judgeRole(role, said), ...judgeVersion(version, own)];
}

function judgeRole(role: Role, said: string): Finding {
  if (role === 'join' || role === 'worker') return finding('token-other-role', 'token', said);
  return finding(role === 'read' ? 'token-read-only' : 'token-ok', 'token', said);
}

function judgeVersion(version: string | undefined, own: string): Finding[] {
  if (version === own) return [finding('orchestrator-ok', 'version', `Both are Longshore ${own}.`)];
  const said = `The orchestrator is Longshore ${version ?? 'of an unknown version'}, and this command is ${own}.`;
  return [finding('orchestrator-other-version', 'version', said)];
}

/** @param plugin that workers would come with; undefined where none was named */
export function judgeJoinToken(facts: TokenFacts, plugin: string | undefined): Finding {
  const name = 'join token';
  if ('unreadable' in facts) return finding('join-unreadable', name, facts.unreadable.message);
  if ('refused' in facts) return finding('join-refused', name, facts.refused.message);
  const { role, uses = 0, max_uses: most, plugin: only, expires_at: end } = facts.answer;
  if (role !== 'join' && role !== 'admin') return finding('join-other-role', name, `Its role is "${role}".`);
  if (most !== undefined && uses >= most) {
    return finding('join-over', name, `It has let in ${uses} workers, which is as many as it may.`);
  }
  if (only !== undefined && plugin !== undefined && only !== plugin) {
    return finding('join-other-plugin', name, `It lets in workers of ${only} alone.`, { plugin });
  }
  const left = most === undefined ? 'workers' : `${most - uses} more workers`;
  return finding('join-ok', name, `It lets in ${left}${end === undefined ? '' : `, until ${end}`}.`);
}
