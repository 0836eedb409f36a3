/** The part of the form that most jobs leave alone: patterns, what is skipped, batches, limits and storage. */
import type { PluginAnswer } from '@longshore/core/protocol';
import { Field } from '../design/field.js';
import { hintFor, ruleGroups, type RuleField, type TypedRules } from '../words/rule-fields.js';

interface JobRulesProps {
  plugin: PluginAnswer | undefined;
  rules: TypedRules;
  faults: Readonly<Record<string, string>>;
  onChange: (place: string, value: string) => void;
}

export function JobRules({ plugin, rules, faults, onChange }: JobRulesProps) {
  const said = ruleGroups.flatMap(({ fields }) => fields).filter(({ place }) => (rules[place] ?? '') !== '').length;
  return (
    <details>
      <summary>
        Patterns, batches, attempts, limits and storage: the plugin&apos;s, unless you say otherwise
        {said > 0 && <span className="faint"> ({said} said)</span>}
      </summary>
      {ruleGroups.map(({ title, fields }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          <div className="form-grid">
            {fields
              .filter(({ when }) => when?.(rules) ?? true)
              .map((field) => (
                <Field
                  key={field.place}
                  label={field.label}
                  hint={hintFor(field, plugin)}
                  kind={shownAs(field.kind)}
                  choices={field.choices ?? []}
                  path={field.kind === 'words'}
                  optional
                  fault={faults[field.place]}
                  value={rules[field.place] ?? ''}
                  onChange={(value) => onChange(field.place, value)}
                />
              ))}
          </div>
        </fieldset>
      ))}
    </details>
  );
}

function shownAs(kind: RuleField['kind']): 'number' | 'integer' | 'text' | 'choice' | 'switch' | 'json' {
  return kind === 'words' || kind === 'numberOrText' ? 'text' : kind;
}
