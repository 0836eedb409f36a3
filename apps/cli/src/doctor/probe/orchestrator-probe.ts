/** Asks an orchestrator how it is, what its clock shows, and who the bearer of a token is to it. */
import { requestJson } from '@longshore/adapters/http';
import { asLongshoreError, type LongshoreError } from '@longshore/core';
import { clusterHeader, type WhoAmIAnswer } from '@longshore/core/protocol';
import type { Comparison } from '../judge/clock.js';
import type { OrchestratorFacts, TokenFacts } from '../judge/orchestrator.js';

const remedy = 'Check the address.';

export interface OrchestratorAddress {
  url: string;
  /** Named where the environment names one. */
  cluster?: string | undefined;
  withinMs: number;
}

export async function lookAtOrchestrator(address: OrchestratorAddress): Promise<OrchestratorFacts> {
  const { url } = address;
  try {
    await ask(address, '/healthz');
  } catch (thrown) {
    return { url, failure: asError(thrown) };
  }
  try {
    await ask(address, '/readyz');
    return { url };
  } catch (thrown) {
    return { url, notReady: asError(thrown).message };
  }
}

/** @param token absent where there is none to show */
export async function lookAtToken(
  address: OrchestratorAddress,
  token: () => string | undefined,
): Promise<TokenFacts | undefined> {
  let secret: string | undefined;
  try {
    secret = token();
  } catch (thrown) {
    return { unreadable: asError(thrown) };
  }
  try {
    return { answer: await ask<WhoAmIAnswer>(address, '/api/v1/whoami', secret) };
  } catch (thrown) {
    const error = asError(thrown);
    // That nobody is there has been said before.
    return ['orchestrator-unreachable', 'wrong-cluster'].includes(error.code) ? undefined : { refused: error };
  }
}

/** @returns nothing where nobody answers, or without a date */
export async function compareClock(
  url: string,
  whose: string,
  now: () => number,
  signal: AbortSignal,
): Promise<Comparison | undefined> {
  const asked = now();
  // Any answer will do: a date comes with refusals too.
  const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal }).catch(() => undefined);
  const theirs = Date.parse(answer?.headers.get('date') ?? '');
  return Number.isNaN(theirs) ? undefined : { whose, theirs, asked, answered: now() };
}

function ask<T>({ url, cluster, withinMs }: OrchestratorAddress, path: string, token?: string): Promise<T> {
  const headers: Record<string, string> = cluster === undefined ? {} : { [clusterHeader]: cluster };
  return requestJson<T>({ url, method: 'GET', path, headers, token, withinMs, remedy });
}

function asError(thrown: unknown): LongshoreError {
  return asLongshoreError(thrown, 'internal-error', 'It could not be asked');
}
