/** The plugins that jobs may use, with the schema of their parameters. */
import { Controller, Get, Param, Query, UsePipes } from '@nestjs/common';
import { defaultJobPolicy, LongshoreError, type JobPlugin } from '@longshore/core';
import { PageQuery, type PageAnswer, type PluginAnswer } from '@longshore/core/protocol';
import { paramsSchema } from '@longshore/core/json-schema';
import { Allow } from '../access/allow.js';
import { boundedPage, pageOf } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { PluginCatalog } from './plugin-catalog.js';

@Controller('api/v1/plugins')
@UsePipes(strictRequest)
export class PluginsController {
  constructor(private readonly plugins: PluginCatalog) {}

  @Get()
  @Allow('read')
  @Describe({ summary: 'List the plugins', tag: 'plugins', query: PageQuery, answer: { page: 'Plugin' } })
  list(@Query() query: PageQuery): Promise<PageAnswer<PluginAnswer>> {
    return boundedPage(query, pageOf(this.plugins.names), (name) => pluginAnswer(this.plugins.get(name)));
  }

  @Get(':name')
  @Allow('read')
  @Describe({
    summary: 'One plugin',
    tag: 'plugins',
    answer: 'Plugin',
    problems: ['route-not-found'],
  })
  find(@Param('name') name: string): PluginAnswer {
    if (this.plugins.names.includes(name)) return pluginAnswer(this.plugins.get(name));
    throw new LongshoreError('route-not-found', `This orchestrator knows no plugin "${name}".`);
  }
}

function pluginAnswer(plugin: JobPlugin): PluginAnswer {
  const { name, version, summary, container, layout, timeoutSeconds = defaultJobPolicy.timeoutSeconds } = plugin;
  const { image, lifecycle, network, resources } = container;
  return {
    name,
    version,
    summary,
    container: { image, lifecycle, network, cpus: resources.cpus, memory: resources.memory },
    include: [...layout.include],
    exclude: [...layout.exclude],
    timeout_seconds: timeoutSeconds,
    params_schema: paramsSchema(plugin),
  };
}
