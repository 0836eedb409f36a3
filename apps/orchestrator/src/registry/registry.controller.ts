/** Where workers come in. */
import { Body, Controller, HttpCode, Post, UsePipes } from '@nestjs/common';
import { RegisterRequest, type RegisterAnswer } from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { CurrentCaller, type Caller } from '../access/caller.js';
import { WorkerTokens } from '../access/worker-tokens.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { refuseOtherCluster } from '../http/cluster-check.js';
import { lenientRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { Answers } from '../requests/answers.js';
import { WorkerRegistry } from './worker-registry.js';

@Controller()
export class RegistryController {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly config: OrchestratorConfig,
    private readonly answers: Answers,
    private readonly tokens: WorkerTokens,
  ) {}

  @Post('register')
  @Allow('join')
  @HttpCode(200)
  @UsePipes(lenientRequest)
  @Describe({
    summary: 'Come in as a worker',
    details: 'The join token is exchanged for the token of this one worker, which is shown in all its other requests.',
    tag: 'worker protocol',
    body: RegisterRequest,
    answer: 'Registered',
    problems: ['invalid-request'],
  })
  async register(@Body() request: RegisterRequest, @CurrentCaller() caller?: Caller): Promise<RegisterAnswer> {
    refuseOtherCluster(this.config.cluster, request.cluster);
    // The same id from the bearer of another token is another request: nobody is given the token of somebody else's worker.
    const asker = ['register', caller?.shown?.token.id].filter((part) => part !== undefined).join(' ');
    const worker = await this.answers.once({ caller: asker, id: request.request_id }, (stamp) =>
      this.registry.register(request, stamp, caller),
    );
    return {
      worker_id: worker.id,
      message: 'registered',
      heartbeat_seconds: this.config.heartbeatSeconds,
      tasks_ahead: 1,
      turns: true,
      lease_seconds: this.config.leaseSeconds,
      cluster: this.config.cluster,
      ...(await this.tokens.issue(caller, worker.id)),
    };
  }
}
