/** Reads the engine's refusals, by status and by text, and says what they mean and what to do. */
import { LongshoreError, messageOf, type ErrorCode } from '@longshore/core';

/** What the error is about, as far as the caller knows. */
export interface ErrorSubject {
  image?: string;
  /** The name of the container. */
  name?: string;
  program?: string;
}

/** What docker-modem and node:http throw. */
export interface EngineRefusal {
  message: string;
  statusCode?: number;
  code?: string;
  syscall?: string;
  address?: string;
  port?: number;
  json?: { message?: string } | null;
}

interface Rule {
  code: ErrorCode;
  applies: (refusal: EngineRefusal, text: string) => boolean;
  message: (subject: ErrorSubject, text: string, refusal: EngineRefusal) => string;
  remedy?: (subject: ErrorSubject) => string;
}

const START_DOCKER = 'Start Docker ("sudo systemctl start docker"), or name another engine with DOCKER_HOST.';

/** The text of runc when the program itself could not be executed; a file missing for another reason reads differently. */
const NO_SUCH_PROGRAM =
  /unable to start container process: exec: ".*": (?:executable file not found|(?:stat .*: )?no such file|permission denied|is a directory)/s;

/** The whole output of docker-init (tini) when the program could not be executed. */
const INIT_FAILURE =
  /^\[FATAL [^\]]+\] exec (?<program>.*) failed: (?:No such file or directory|Permission denied)\s*$/s;

const rules: Rule[] = [
  {
    code: 'engine-unavailable',
    applies: ({ code, syscall }) => syscall === 'connect' && code === 'EACCES',
    message: (_, __, refusal) => `This user may not use the container engine at ${whereOf(refusal)}.`,
    remedy: () => 'Add the user to the docker group ("sudo usermod -aG docker $USER") and log in again.',
  },
  {
    code: 'engine-unavailable',
    applies: ({ code, syscall }) => syscall === 'connect' || syscall === 'getaddrinfo' || code === 'ECONNREFUSED',
    message: (_, __, refusal) => `No container engine answers at ${whereOf(refusal)} (${refusal.code}).`,
    remedy: () => START_DOCKER,
  },
  {
    code: 'engine-failed',
    applies: (_, text) => text.includes('docker-init') && /not found|no such file/i.test(text),
    message: () => 'The container engine has no docker-init, which reaps what a command leaves behind.',
    remedy: () => 'Install it (Debian: "apt-get install tini docker.io"), and restart Docker.',
  },
  {
    code: 'command-not-found',
    applies: (_, text) => NO_SUCH_PROGRAM.test(text),
    message: ({ program, image }, text) => unknownProgram(program, image, text),
  },
  {
    code: 'name-taken',
    applies: ({ statusCode }, text) => statusCode === 409 && /name .*already in use/is.test(text),
    message: ({ name }) => `A container named ${name ?? 'like this one'} exists already.`,
    remedy: () => 'Remove it, or choose another name.',
  },
  {
    code: 'image-not-found',
    applies: (_, text) => isUnknownImage(text),
    message: ({ image }, text) => `There is no image ${image} for this machine: ${text}.`,
    remedy: ({ image }) =>
      `Check its name and tag; a private one wants "docker login" and "docker pull ${image}" first.`,
  },
  {
    code: 'engine-failed',
    applies: (_, text) => text.includes('bind source path does not exist'),
    message: (_, text) => `A folder to be mounted is not on the engine's machine: ${text}.`,
  },
  {
    code: 'invalid-configuration',
    // Docker 20.10 answers 400 also when runc fails at the start, for whatever reason.
    applies: ({ statusCode }, text) => statusCode === 400 && !text.includes('OCI runtime'),
    message: ({ name }, text) => `The container engine refuses the settings of ${name ?? 'a container'}: ${text}.`,
    remedy: () => "Change the container's definition.",
  },
];

/** Of a registry as well as of the engine. */
export function isUnknownImage(text: string): boolean {
  return /no such image|manifest unknown|manifest for .* not found|name unknown|pull access denied|repository .*(?:not found|does not exist)|invalid reference format/i.test(
    text,
  );
}

/** The refusal as a LongshoreError; `doing` completes "The container engine failed while ...". */
export function engineError(thrown: unknown, doing: string, subject: ErrorSubject = {}): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const refusal = asRefusal(thrown);
  const text = textOf(refusal);
  const rule = rules.find(({ applies }) => applies(refusal, text));
  if (rule === undefined) {
    return new LongshoreError('engine-failed', `The container engine failed while ${doing}: ${text}.`, {
      cause: thrown,
    });
  }
  const remedy = rule.remedy?.(subject);
  return new LongshoreError(rule.code, rule.message(subject, text, refusal), {
    ...(remedy === undefined ? {} : { remedy }),
    cause: thrown,
  });
}

export function silentEngine(doing: string, withinMs: number): LongshoreError {
  return new LongshoreError(
    'engine-unavailable',
    `The container engine took the connection but did not answer within ${withinMs / 1000} s while ${doing}.`,
    { remedy: 'Restart Docker ("sudo systemctl restart docker").' },
  );
}

/**
 * An engine that goes away under a running command may be back soon, so that is no matter of configuration.
 */
export function duringCommand(thrown: unknown): unknown {
  if (!(thrown instanceof LongshoreError) || thrown.code !== 'engine-unavailable') return thrown;
  return new LongshoreError('engine-failed', `The container engine went away while a command ran. ${thrown.message}`, {
    cause: thrown,
  });
}

/** What docker-init prints instead of the engine's own error, when it finds no program to run. */
export function isInitFailure(log: string, program: string): boolean {
  return INIT_FAILURE.exec(log)?.groups?.program === program;
}

export function commandNotFound(program: string, image: string | undefined, text: string): LongshoreError {
  return new LongshoreError('command-not-found', unknownProgram(program, image, text));
}

/** The HTTP status behind an error, where there is one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof LongshoreError ? (error.cause as EngineRefusal | undefined)?.statusCode : undefined;
}

function unknownProgram(program: string | undefined, image: string | undefined, text: string): string {
  const where = image === undefined ? 'in the container' : `in the image ${image}`;
  return `The program ${program ?? ''} cannot be run ${where}: ${text.trim().replace(/\.$/, '')}.`;
}

// By its shape: errors of Node itself are no instances of the `Error` that Jest's modules see.
export function asRefusal(thrown: unknown): EngineRefusal {
  const message = (thrown as EngineRefusal | null | undefined)?.message;
  return typeof message === 'string' ? (thrown as EngineRefusal) : { message: messageOf(thrown) };
}

export function textOf(refusal: EngineRefusal): string {
  const text = refusal.json?.message ?? refusal.message.replace(/^\(HTTP code \d+\) .*? - /, '');
  return messageOf(text.trim());
}

function whereOf({ address, port }: EngineRefusal): string {
  if (address === undefined) return 'the address in DOCKER_HOST';
  return port === undefined ? address : `${address}:${port}`;
}
