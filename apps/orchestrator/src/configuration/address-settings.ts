/** Under which address others reach the orchestrator, and where it leaves it for them. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError } from '@longshore/core';

export class AddressSettings {
  /** Name of the parameter; undefined where the address is left nowhere. */
  readonly parameter: string | undefined;
  /** The address as it was given; undefined where the machine is asked. */
  readonly publicUrl: string | undefined;
  /** Which address of the machine others reach. */
  readonly machineAddress: 'private' | 'public';

  /** @throws LongshoreError `invalid-configuration` */
  constructor(settings: Settings, { job, isLoopback }: { job: boolean; isLoopback: boolean }) {
    const parameter = settings.text('LONGSHORE_URL_PARAMETER', job ? '/orchestrator/url' : '');
    this.parameter = parameter === '' ? undefined : parameterName(parameter);
    this.publicUrl = publicUrl(settings.text('LONGSHORE_PUBLIC_URL', ''));
    this.machineAddress = settings.choice('LONGSHORE_PUBLIC_ADDRESS', 'private', ['private', 'public']);
    if (this.parameter !== undefined && this.publicUrl === undefined && isLoopback) {
      throw new LongshoreError(
        'invalid-configuration',
        `The address belongs into the parameter ${this.parameter}, but LONGSHORE_HOST lets nobody in from outside this machine.`,
        {
          remedy:
            'Set LONGSHORE_HOST to 0.0.0.0, or LONGSHORE_PUBLIC_URL to the address of whatever passes requests on to it.',
        },
      );
    }
    Object.freeze(this);
  }
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html */
function parameterName(name: string): string {
  if (/^[\w.-]+$|^(\/[\w.-]+){1,15}$/.test(name) && name.length <= 1_011 && !/^\/?(aws|ssm)/i.test(name)) return name;
  throw new LongshoreError(
    'invalid-configuration',
    `LONGSHORE_URL_PARAMETER is "${name}", which no parameter can be named.`,
    {
      remedy: 'Use letters, digits, dots, hyphens and underscores between slashes, such as /orchestrator/url.',
    },
  );
}

function publicUrl(text: string): string | undefined {
  if (text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && ['http:', 'https:'].includes(url.protocol) && `${url.username}${url.search}${url.hash}` === '';
  if (plain) return text.replace(/\/+$/, '');
  throw new LongshoreError(
    'invalid-configuration',
    `LONGSHORE_PUBLIC_URL is "${text}", which is no address of a server.`,
    {
      remedy: 'Write it as https://orchestrator.example.org, or with a port as http://10.0.0.5:8480.',
    },
  );
}
