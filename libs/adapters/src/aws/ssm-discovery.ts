/** The address of the orchestrator in a parameter of AWS Systems Manager. */
import { GetParameterCommand, PutParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { Discovery } from '@longshore/core';
import { awsError, nameOf } from './aws-errors.js';
import { awsClientSettings } from './client-settings.js';

export class SsmDiscovery extends Discovery {
  private readonly client: SSMClient;

  /**
   * @param parameter its full name, such as `/orchestrator/url`
   * @param patienceMs longest time for one try of a call
   */
  constructor(
    private readonly parameter: string,
    config: SSMClientConfig = {},
    patienceMs = 10_000,
  ) {
    super();
    this.client = new SSMClient({ ...awsClientSettings(patienceMs), ...config });
  }

  async find(signal?: AbortSignal): Promise<string | undefined> {
    try {
      const request = new GetParameterCommand({ Name: this.parameter });
      const { Parameter } = await this.client.send(request, signal ? { abortSignal: signal } : {});
      const url = Parameter?.Value?.trim().replace(/\/+$/, '');
      return url === '' ? undefined : url;
    } catch (thrown) {
      if (nameOf(thrown) === 'ParameterNotFound') return undefined;
      signal?.throwIfAborted();
      throw this.error(thrown, 'cannot be read', 'ssm:GetParameter');
    }
  }

  async publish(url: string, signal?: AbortSignal): Promise<void> {
    try {
      const request = new PutParameterCommand({
        Name: this.parameter,
        Value: url.replace(/\/+$/, ''),
        Type: 'String',
        Overwrite: true,
      });
      await this.client.send(request, signal ? { abortSignal: signal } : {});
    } catch (thrown) {
      signal?.throwIfAborted();
      throw this.error(thrown, 'cannot be written', 'ssm:PutParameter');
    }
  }

  private error(thrown: unknown, done: string, right: string): Error {
    const doing = `The parameter ${this.parameter} ${done}`;
    return awsError(thrown, { doing, otherwise: 'discovery-failed', right: `${right} for it` });
  }
}
