/** Says to whoever shows a token whether it is good, and what for; a wrong one is refused at the gate. */
import { Controller, Get } from '@nestjs/common';
import { Clock } from '@longshore/core';
import { tokenMessage, type WhoAmIAnswer } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Describe } from '../openapi/describe.js';
import { version } from '../version.js';
import { Public } from './allow.js';
import { CurrentCaller, type Caller } from './caller.js';

@Controller('api/v1/whoami')
export class WhoAmIController {
  constructor(
    private readonly config: OrchestratorConfig,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Public()
  @Describe({
    summary: 'Which role the token has that is shown, and until when',
    details:
      'The role is "none" where a token is needed and none was shown. Version and cluster are for those who have a role.',
    tag: 'access',
    answer: 'WhoAmI',
  })
  whoAmI(@CurrentCaller() caller?: Caller): WhoAmIAnswer {
    if (!caller) return { role: 'none' };
    const { cluster } = this.config;
    const shown = caller.shown && tokenMessage(caller.shown.token, this.clock.now());
    return {
      role: caller.role,
      version,
      cluster,
      ...(shown?.expires_at !== undefined && { expires_at: shown.expires_at }),
      ...(shown?.uses !== undefined && { uses: shown.uses }),
      ...(shown?.max_uses !== undefined && { max_uses: shown.max_uses }),
      ...(shown?.plugin !== undefined && { plugin: shown.plugin }),
    };
  }
}
