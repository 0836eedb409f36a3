/** Submits a job: a form made from what the plugin declares, a dry run that stores nothing, and the command that does the same. */
import type { CreateJobRequest, JobAnswer, PageAnswer, PlanAnswer, PluginAnswer } from '@longshore/core/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../api/paths.js';
import { ProblemError } from '../api/problem.js';
import { useAnswer } from '../api/queries.js';
import { newKey, postJson } from '../api/request.js';
import { Command } from '../design/command.js';
import { Field } from '../design/field.js';
import { Card, useTitle } from '../design/page.js';
import { Bones, Fault, Nothing, Shown } from '../design/says.js';
import { Stranger } from '../design/stranger.js';
import { paramFields } from '../words/param-fields.js';
import { faultsByField, requestOf, type Draft } from '../words/job-draft.js';
import { planLine } from '../words/submit-line.js';
import { JobRules } from './job-rules.js';
import { Plan } from './plan.js';
import { SubmitCommand } from './submit-command.js';

export function Submit() {
  useTitle('Submit a job');
  const plugins = useAnswer<PageAnswer<PluginAnswer>>(paths.plugins());
  return (
    <>
      <h1>Submit a job</h1>
      <Shown answer={plugins} lines={6}>
        {({ items }) =>
          items.length === 0 ? (
            <div className="card">
              <Nothing title="No plugin is installed">
                Name one in LONGSHORE_PLUGINS, or install one beside Longshore.
              </Nothing>
            </div>
          ) : (
            <Form plugins={items} />
          )
        }
      </Shown>
    </>
  );
}

function Form({ plugins }: { plugins: readonly PluginAnswer[] }) {
  const [, go] = useLocation();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({
    plugin: plugins[0]?.name ?? '',
    input: '',
    output: '',
    params: {},
    rules: {},
  });
  const plugin = plugins.find(({ name }) => name === draft.plugin);
  const fields = useMemo(() => paramFields(plugin?.params_schema ?? {}), [plugin]);
  const request = requestOf(draft, fields);
  const described = { ...request, input: request.input || 'INPUT', output: request.output || 'OUTPUT' };
  const [key, setKey] = useState(newKey);
  const plan = useMutation({ mutationFn: (body: CreateJobRequest) => postJson<PlanAnswer>('/plans', body) });
  const submission = useMutation({
    mutationFn: (body: CreateJobRequest) => postJson<JobAnswer>('/jobs', body, key),
    onSuccess: async (job) => {
      await client.invalidateQueries();
      go(`/jobs/${encodeURIComponent(job.id)}`);
    },
  });
  const problem = submission.error ?? plan.error;
  const faults = problem instanceof ProblemError ? faultsByField(problem.faults) : {};
  const isBusy = plan.isPending || submission.isPending;
  const change = (changes: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...changes }));
    setKey(newKey());
    plan.reset();
    submission.reset();
  };
  return (
    <form
      className="wide-left"
      onSubmit={(event) => {
        event.preventDefault();
        submission.mutate(request);
      }}
    >
      <div className="stack loose">
        <Card title="What and where">
          <div className="stack">
            <div className="field">
              <label htmlFor="plugin">Plugin</label>
              <select
                id="plugin"
                className="input"
                value={draft.plugin}
                onChange={(event) => change({ plugin: event.target.value, params: {} })}
              >
                {plugins.map(({ name, version }) => (
                  <option key={name} value={name}>
                    {name} {version}
                  </option>
                ))}
              </select>
              {plugin && (
                <span className="hint">
                  <Stranger text={plugin.summary} />
                </span>
              )}
            </div>
            <Field
              label="Input"
              hint="s3://bucket/prefix/, or a folder on the orchestrator's machine"
              path
              required
              fault={faults.input}
              value={draft.input}
              onChange={(input) => change({ input })}
            />
            <Field
              label="Output"
              hint="Where the results go; what is there stays"
              path
              required
              fault={faults.output}
              value={draft.output}
              onChange={(output) => change({ output })}
            />
          </div>
        </Card>
        <Card title="Parameters">
          {fields.length === 0 ? (
            <p className="soft">This plugin takes none.</p>
          ) : (
            <div className="form-grid">
              {fields.map((field) => (
                <Field
                  key={`${draft.plugin} ${field.name}`}
                  label={field.label}
                  hint={field.hint}
                  kind={field.kind}
                  choices={field.choices}
                  required={field.required}
                  fault={faults[`params/${field.name}`]}
                  value={draft.params[field.name] ?? field.initial}
                  onChange={(value) => change({ params: { ...draft.params, [field.name]: value } })}
                />
              ))}
            </div>
          )}
        </Card>
        <Card title="Rules">
          <JobRules
            plugin={plugin}
            rules={draft.rules}
            faults={faults}
            onChange={(place, value) => change({ rules: { ...draft.rules, [place]: value } })}
          />
        </Card>
      </div>
      <div className="stack loose">
        <Card title="Dry run">
          {plan.isPending ? (
            <Bones lines={3} />
          ) : plan.data ? (
            <Plan plan={plan.data} />
          ) : (
            <p className="small soft">
              Lists the input and says what would be run, and in which tasks. Nothing is stored, and nothing is started.
            </p>
          )}
          <div className="stack" style={{ marginTop: 12 }}>
            <Command line={planLine(described, location.origin)} />
            <div className="buttons">
              <button
                type="button"
                className="button"
                disabled={isBusy || draft.input === '' || draft.output === ''}
                onClick={() => plan.mutate(request)}
              >
                {plan.isPending ? 'Listing …' : 'Try it dry'}
              </button>
            </div>
          </div>
        </Card>
        {problem && <Fault error={problem} />}
        <Card title="Submit">
          <div className="stack">
            <SubmitCommand job={described} />
            <div className="buttons">
              <button type="submit" className="button main" disabled={isBusy}>
                {submission.isPending ? 'Submitting …' : 'Submit the job'}
              </button>
            </div>
          </div>
        </Card>
      </div>
    </form>
  );
}
