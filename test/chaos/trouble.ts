/** What a bad network and a busy store do to requests, drawn from a seed. */
import type { Chance } from '@longshore/core';
import { garbage, s3Refusal, type Damage, type Fate, type Heard } from '../support/fate.js';

const damages: readonly Damage[] = ['half', 'short', 'cut-text'];

/** Between a worker and its orchestrator: half of all requests come twice, some of them seconds later, and one in seven fails. */
export function networkTrouble(chance: Chance): (heard: Heard) => Fate {
  return () => {
    const kind = chance.fraction();
    const delay = chance.fraction() < 0.1 ? { afterMs: chance.fraction() * 2_500 } : {};
    if (kind < 0.02) return { arrives: 'never', answer: 'reset' };
    if (kind < 0.025) return { arrives: 'never', answer: 'silence' };
    if (kind < 0.05) return { arrives: 'never', answer: garbage };
    if (kind < 0.09) return { ...delay, answer: 'reset' };
    if (kind < 0.095) return { ...delay, answer: 'silence' };
    if (kind < 0.12) return { ...delay, answer: garbage };
    if (kind < 0.15) return { ...delay, answer: oneOf(damages, chance) };
    if (chance.fraction() < 0.5) return delay;
    const againAfterMs = chance.fraction() < 0.5 ? 0 : chance.fraction() * 6_000;
    return { ...delay, arrives: 'twice', againAfterMs };
  };
}

/** In front of S3: one request in ten is told to slow down, one in thirty is torn down before or after it was done, a few bodies are cut off. */
export function storeTrouble(chance: Chance): (heard: Heard) => Fate {
  return ({ method }) => {
    const kind = chance.fraction();
    if (kind < 0.1) return { arrives: 'never', answer: s3Refusal(503, 'SlowDown') };
    if (kind < 0.115) return { arrives: 'never', answer: 'reset' };
    if (kind < 0.13) return { answer: 'reset' };
    if (kind < 0.15 && method === 'GET') return { answer: 'half' };
    return {};
  };
}

export function oneOf<T>(things: readonly [T, ...T[]] | readonly T[], chance: Chance): T {
  return things[Math.floor(chance.fraction() * things.length)]!;
}
