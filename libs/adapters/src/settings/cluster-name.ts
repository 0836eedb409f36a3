/** The name that an orchestrator and its workers share, so that none of them works for somebody else. */
import { LongshoreError } from '@longshore/core';
import type { Settings } from './settings.js';

/** @throws LongshoreError `invalid-configuration`: it travels as a header */
export function clusterName(settings: Settings): string {
  const text = settings.text('LONGSHORE_CLUSTER', 'default');
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}$/.test(text)) return text;
  throw new LongshoreError('invalid-configuration', `LONGSHORE_CLUSTER is "${text}".`, {
    remedy: 'Use at most 100 letters, digits, dots, hyphens and underscores, a letter or digit first.',
  });
}
