/**
 * Whether what a worker sent is right in every field and holds no other, looked at without the machinery of validators: that costs a hundred times as
 * much, and a busy orchestrator does little else. What is not plainly right is left to the validators, which say what is wrong.
 */
import type { ReportedManifest } from '../words/manifest.js';
import { mostInTurn } from './worker-turn.js';

export type Check = (value: unknown) => boolean;

export function text(longest: number, shortest = 0): Check {
  return (value) => typeof value === 'string' && value.length >= shortest && value.length <= longest;
}

export function integer(least: number, most = Infinity): Check {
  return (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

export function number(least: number, most = Infinity): Check {
  return (value) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most;
}

export function list(each: Check, most = Infinity): Check {
  return (value) => Array.isArray(value) && value.length <= most && value.every(each);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function maybe(check: Check): Check {
  return (value) => value === undefined || check(value);
}

/** Those and no others. */
export function fields(checks: Record<string, Check>): Check {
  const known = Object.entries(checks);
  return (value) => {
    if (!isObject(value)) return false;
    for (const name in value) if (!Object.hasOwn(checks, name)) return false;
    for (const [name, check] of known) if (!check(value[name])) return false;
    return true;
  };
}

const sha256 = /^[0-9a-f]{64}$/;

const manifest = fields({
  entries: list(
    fields({
      objectKey: maybe(text(4_096)),
      etag: maybe(text(255)),
      outputs: list(
        fields({
          name: text(4_096),
          sizeBytes: integer(0),
          sha256: (value) => typeof value === 'string' && sha256.test(value),
          token: text(8_192),
        }),
      ),
      record: maybe(isObject),
    }),
  ),
  imageDigest: text(255),
  pluginVersion: text(100),
  exitCode: integer(-Infinity),
  durationMs: number(0),
});

export const held = fields({ assignment_id: text(100), fence: integer(1) });

export const turn = fields({
  reports: maybe(
    list(
      fields({
        status: text(100, 1),
        assignment_id: text(100),
        fence: maybe(integer(1)),
        details: maybe(isObject),
        traceparent: maybe(text(100)),
      }),
      mostInTurn,
    ),
  ),
  assignments: maybe(list(held, 4096)),
  stats: maybe(isObject),
  max: maybe(integer(0, mostInTurn)),
  wait: maybe(number(0, 60)),
  request_id: maybe(text(100, 1)),
});

export function isPlainManifest(value: unknown): value is ReportedManifest {
  return manifest(value);
}
