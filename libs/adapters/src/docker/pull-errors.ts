/** Reads why an image could not be pulled: who has to act, and whether it may pass by itself. */
import { LongshoreError, type ErrorCode } from '@longshore/core';
import { asRefusal, engineError, isUnknownImage, textOf } from './engine-errors.js';

interface Rule {
  code: ErrorCode;
  applies: RegExp | ((text: string) => boolean);
  message: (image: string, text: string) => string;
  remedy: (image: string) => string;
}

/** The first that applies; texts as registries and Docker 20.10 to 28 word them. */
const rules: Rule[] = [
  {
    code: 'disk-full',
    applies: /no space left/i,
    message: (image, text) => `The disk of the container engine is too full for the image ${image}: ${text}.`,
    remedy: () => 'Make room there, for example with "docker image prune".',
  },
  {
    code: 'registry-busy',
    applies: /toomanyrequests|too many requests|rate limit|unexpected HTTP status: 5\d\d|service unavailable/i,
    message: (image, text) => `The registry serves the image ${image} to nobody, or to us no more, for now: ${text}.`,
    remedy: (image) => `Wait, log in with "docker login" for a higher limit, or keep a copy of ${image} nearer by.`,
  },
  {
    code: 'image-unsuitable',
    applies:
      /no matching manifest|does not match the (?:specified|detected) .*platform|image operating system .* cannot be used/i,
    message: (image, text) => `The image ${image} is not made for the processor of this machine: ${text}.`,
    remedy: () => 'Build it for this machine too, or run the worker on a machine it is made for.',
  },
  {
    code: 'access-denied',
    applies:
      /unauthorized|no basic auth credentials|authentication required|^denied:|requested access to the resource is denied$/i,
    message: (image, text) => `The registry does not let this machine have the image ${image}: ${text}.`,
    remedy: (image) => `Run "docker login" and "docker pull ${image}" on this machine.`,
  },
  {
    code: 'image-not-found',
    applies: isUnknownImage,
    message: (image, text) => `There is no image ${image}: ${text}.`,
    remedy: (image) => `Check its name and tag; a private one wants "docker login" and "docker pull ${image}" first.`,
  },
  {
    code: 'registry-unreachable',
    applies:
      /dial tcp|no such host|connection refused|connection reset|timeout|deadline exceeded|unexpected EOF|: EOF$|network is unreachable|server gave HTTP response to HTTPS client/i,
    message: (image, text) => `The registry of the image ${image} cannot be reached: ${text}.`,
    remedy: () => 'Check that this machine reaches the registry, or load the image with "docker load".',
  },
];

export function pullError(thrown: unknown, image: string): LongshoreError {
  const error = engineError(thrown, `pulling ${image}`, { image });
  if (error.code === 'engine-unavailable') return error;
  const text = textOf(asRefusal(thrown));
  const rule = rules.find(({ applies }) => (applies instanceof RegExp ? applies.test(text) : applies(text)));
  const [code, message, remedy] = rule
    ? [rule.code, rule.message(image, text), rule.remedy(image)]
    : ([
        'image-pull-failed',
        `The image ${image} could not be pulled: ${text}.`,
        'Try "docker pull" on this machine, or load the image with "docker load".',
      ] as const);
  return new LongshoreError(code, message, { remedy, cause: thrown });
}
