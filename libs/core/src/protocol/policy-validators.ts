/** Checks of fields that may be one thing or a list of it. */
import { ValidateBy } from 'class-validator';
import { reasonCode } from '../lifecycle/retry-rules.js';
import { readPercent } from '../lifecycle/tolerance.js';

const kinds = {
  integer: {
    test: (value: unknown) => Number.isInteger(value),
    message: 'must be a whole number or a list of them',
  },
  reason: {
    test: (value: unknown) => typeof value === 'string' && reasonCode(value) !== undefined,
    message: 'must be an error code such as timed-out, or oom, timeout or exit, or a list of them',
  },
} as const;

export function IsOneOrMore(kind: keyof typeof kinds): PropertyDecorator {
  const { test, message } = kinds[kind];
  return ValidateBy({
    name: `one or more: ${kind}`,
    validator: {
      validate: (value: unknown) =>
        Array.isArray(value) ? value.length > 0 && value.length <= 256 && value.every(test) : test(value),
      defaultMessage: ({ property } = { property: '' } as never) => `${property} ${message}`,
    },
  });
}

/** A whole number of objects, or a percentage. */
export function IsTolerance(): PropertyDecorator {
  return ValidateBy({
    name: 'tolerance',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'number'
          ? Number.isInteger(value) && value >= 0
          : typeof value === 'string' && isPercent(value),
      defaultMessage: ({ property } = { property: '' } as never) =>
        `${property} must be a whole number of objects or a percentage such as 2%`,
    },
  });
}

function isPercent(text: string): boolean {
  try {
    readPercent(text);
    return true;
  } catch {
    return false;
  }
}
