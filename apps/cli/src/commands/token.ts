/** `longshore token`: who may use an orchestrator. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { creatableRoles, type CreateTokenRequest, type TokenMessage } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { printable } from '../terminal/job-text.js';
import { wholeNumber } from '../terminal/numbers.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';

type CreateOptions = ClientOptions & {
  role: CreateTokenRequest['role'];
  label?: string;
  expires?: number;
  uses?: number;
  plugin?: string;
};

export function tokenCommand(): Command {
  return new Command('token')
    .description('create, list and revoke the tokens of a running orchestrator')
    .addHelpText('after', example('longshore token create --role join --uses 20 --expires 30m'))
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  return addClientOptions(new Command('create').description('create a token and print it, this once'))
    .addOption(new Option('--role <role>', 'what it is good for').choices(creatableRoles).makeOptionMandatory())
    .option('--label <text>', 'whose it is')
    .option('--expires <time>', 'when it ends, such as 30m, 12h or 90d; a join token ends after 1h', seconds)
    .option('--uses <number>', 'how many workers a join token lets in', wholeNumber)
    .option('--plugin <name>', 'the only plugin whose workers a join token lets in')
    .addHelpText('after', example('longshore token create --role admin --label me > ~/.longshore/token'))
    .action(async ({ url, role, label, expires, uses, plugin, ...output }: CreateOptions) => {
      const created = await new JobsClient(url).createToken({
        role,
        ...(label !== undefined && { label }),
        ...(expires !== undefined && { expires_seconds: expires }),
        ...(uses !== undefined && { uses }),
        ...(plugin !== undefined && { plugin }),
      });
      const end = created.expires_at === undefined ? 'until it is revoked' : `until ${created.expires_at}`;
      const talk = `Token ${created.id}, good ${end}. It is not shown again; keep it where nobody else reads it.`;
      if (!output.json) say(output, talk);
      print(output, { json: created, quiet: [created.token], text: `${created.token}\n` });
    });
}

function listCommand(): Command {
  return addClientOptions(new Command('list').description('list the tokens, those of workers included'))
    .addHelpText('after', example('longshore token list'))
    .action(async ({ url, ...output }: ClientOptions) => {
      const tokens: TokenMessage[] = [];
      for await (const token of new JobsClient(url).everyToken()) tokens.push(token);
      const text = tokens.map((token) => `${line(token)}\n`).join('');
      print(output, { json: tokens, quiet: tokens.map(({ id }) => id), text });
    });
}

function revokeCommand(): Command {
  return addClientOptions(
    new Command('revoke').description('end a token at once; with a join token, all workers that came in with it'),
  )
    .argument('<id>', 'a token, as the list names it; for a worker, its own id')
    .addHelpText('after', example('longshore token revoke 6f1c2b0e-5a3d-4d0e-9f5b-0c8f5d1a7e42'))
    .action(async (id: string, { url, ...output }: ClientOptions) => {
      const { revoked } = await new JobsClient(url).revokeToken(id);
      const text = revoked.length === 0 ? `${id} was revoked before\n` : `${revoked.join('\n')}\n`;
      print(output, { json: { revoked }, quiet: revoked, text });
    });
}

function line(token: TokenMessage): string {
  const state = token.revoked_at !== undefined ? 'revoked' : token.valid ? 'valid' : 'expired';
  return [
    token.id,
    token.role.padEnd(6),
    state.padEnd(7),
    token.expires_at === undefined ? 'no end' : `ends ${token.expires_at}`,
    token.last_used_at === undefined ? 'never used' : `used ${token.last_used_at}`,
    ...(token.role === 'join'
      ? [`let in ${token.uses ?? 0}${token.max_uses === undefined ? '' : ` of ${token.max_uses}`}`]
      : []),
    ...(token.label === undefined ? [] : [printable(token.label)]),
  ].join('  ');
}

const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

export function seconds(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = units[unit];
  if (factor !== undefined && Number(number) > 0) return Number(number) * factor;
  throw new InvalidArgumentError('It must be a time, such as 30m, 12h or 90d.');
}
