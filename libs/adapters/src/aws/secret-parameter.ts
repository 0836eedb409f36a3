/** A secret in a parameter of AWS Systems Manager, decrypted for whoever may read it. */
import { GetParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { awsError, nameOf } from './aws-errors.js';
import { awsClientSettings } from './client-settings.js';

/**
 * @param parameter its full name, such as `/orchestrator/join-token`
 * @returns undefined where there is no such parameter, or nothing in it
 * @throws LongshoreError `access-denied`, or `discovery-failed` for what may pass by itself
 */
export async function readSecretParameter(
  parameter: string,
  config: SSMClientConfig = {},
): Promise<string | undefined> {
  const client = new SSMClient({ ...awsClientSettings(10_000), ...config });
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
    const secret = Parameter?.Value?.trim();
    return secret === '' ? undefined : secret;
  } catch (thrown) {
    if (nameOf(thrown) === 'ParameterNotFound') return undefined;
    const doing = `The parameter ${parameter} cannot be read`;
    throw awsError(thrown, { doing, otherwise: 'discovery-failed', right: 'ssm:GetParameter for it' });
  } finally {
    client.destroy();
  }
}
