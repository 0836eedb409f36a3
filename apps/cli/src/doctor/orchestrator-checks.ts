/** What is to be looked at of the orchestrator: whether it is there, what it says to our tokens, what its clock shows. */
import type { JobPlugin } from '@longshore/core';
import type { Outside } from './compose.js';
import type { Check } from './examine.js';
import { notAsked, type Finding } from './finding.js';
import { judgeClocks } from './judge/clock.js';
import { judgeJoinToken, judgeOrchestrator, judgeToken, type OrchestratorFacts } from './judge/orchestrator.js';
import { s3Endpoints, type Question } from './question.js';
import { compareClock, lookAtOrchestrator, lookAtToken, type OrchestratorAddress } from './probe/orchestrator-probe.js';

const usualUrl = 'http://127.0.0.1:8480';

export function orchestratorChecks(
  question: Question,
  outside: Outside,
  loading: Promise<JobPlugin | undefined>,
): Check[] {
  const { wish, version, limitMs } = question;
  const named = question.url ?? outside.setting('LONGSHORE_URL');
  const address: OrchestratorAddress = {
    url: (named ?? usualUrl).replace(/\/+$/, ''),
    cluster: outside.setting('LONGSHORE_CLUSTER'),
    withinMs: limitMs / 2,
  };
  const looking = lookAtOrchestrator(address);
  const tokens = (read: () => string | undefined) =>
    looking.then((facts) => (isThere(facts) ? lookAtToken(address, read) : undefined));
  return [
    {
      name: 'orchestrator',
      look: async () => {
        const facts = await looking;
        const isNobody = named === undefined && facts.failure?.code === 'orchestrator-unreachable';
        return [isNobody ? notAsked('orchestrator', nobody(outside)) : judgeOrchestrator(facts)];
      },
    },
    {
      name: 'token',
      look: async () => {
        const facts = await tokens(outside.userToken);
        return facts ? judgeToken(facts, version) : [notAsked('token', 'no orchestrator to show it to')];
      },
    },
    { name: 'join token', look: async () => [await lookAtJoinToken(outside, tokens, (await loading)?.name)] },
    {
      name: 'clock',
      look: async (signal) => {
        const there = isThere(await looking) ? [[`${address.url}/healthz`, 'the orchestrator'] as const] : [];
        const stores = s3Endpoints(wish, outside.setting).map((url) => [url, 'S3'] as const);
        const asked = [...there, ...stores].map(([url, whose]) => compareClock(url, whose, Date.now, signal));
        const told = await Promise.all(asked);
        return judgeClocks(told.filter((comparison) => comparison !== undefined));
      },
    },
  ];
}

type Tokens = (read: () => string | undefined) => ReturnType<typeof lookAtToken>;

async function lookAtJoinToken(
  { setting, joinToken }: Outside,
  tokens: Tokens,
  plugin: string | undefined,
): Promise<Finding> {
  const isSet = ['LONGSHORE_JOIN_TOKEN', 'LONGSHORE_JOIN_TOKEN_FILE'].some((name) => setting(name) !== undefined);
  if (!isSet) return notAsked('join token', 'no LONGSHORE_JOIN_TOKEN here');
  const facts = await tokens(joinToken);
  return facts ? judgeJoinToken(facts, plugin) : notAsked('join token', 'no orchestrator to show it to');
}

function isThere({ failure }: OrchestratorFacts): boolean {
  return failure === undefined || !['orchestrator-unreachable', 'wrong-cluster'].includes(failure.code);
}

function nobody({ setting }: Outside): string {
  const parameter = setting('LONGSHORE_URL_PARAMETER');
  return parameter === undefined
    ? `no --url given, and nobody serves at ${usualUrl}`
    : `no --url given; workers find its address in the parameter ${parameter}`;
}
