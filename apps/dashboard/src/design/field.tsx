/** One field of a form: its name, what it must be, and what is wrong with it. */
import { useId } from 'react';
import type { ParamField } from '../words/param-fields.js';
import { Stranger } from './stranger.js';

interface FieldProps {
  label: string;
  hint: string;
  kind?: ParamField['kind'];
  choices?: readonly string[];
  required?: boolean;
  /** A choice may be left open. */
  optional?: boolean;
  /** Looks like a path or a pattern. */
  path?: boolean;
  fault?: string | undefined;
  value: string;
  onChange: (value: string) => void;
}

export function Field(props: FieldProps) {
  const { label, hint, kind = 'text', choices = [], required = false, path = false, optional = false } = props;
  const { fault, value, onChange } = props;
  const id = useId();
  const shared = {
    id,
    required,
    'aria-describedby': `${id}-hint`,
    'aria-invalid': fault !== undefined,
    className: path || kind === 'json' ? 'input path' : 'input',
  };
  const change = (event: { target: { value: string } }) => onChange(event.target.value);

  return (
    <div className="field">
      {kind === 'switch' ? (
        <span className="check">
          <input
            id={id}
            type="checkbox"
            aria-describedby={`${id}-hint`}
            checked={value === 'true'}
            onChange={(event) => onChange(String(event.target.checked))}
          />
          <label htmlFor={id}>{label}</label>
        </span>
      ) : (
        <label htmlFor={id}>{label}</label>
      )}
      {kind === 'choice' && (
        <select {...shared} value={value} onChange={change}>
          {optional ? (
            <option value="">as usual</option>
          ) : (
            !choices.includes(value) && <option value="">choose one</option>
          )}
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      )}
      {kind === 'json' && <textarea {...shared} rows={3} spellCheck={false} value={value} onChange={change} />}
      {['number', 'integer', 'text'].includes(kind) && (
        <input
          {...shared}
          type="text"
          autoComplete="off"
          spellCheck={false}
          inputMode={kind === 'integer' ? 'numeric' : kind === 'number' ? 'decimal' : 'text'}
          value={value}
          onChange={change}
        />
      )}
      <span id={`${id}-hint`}>
        {fault !== undefined && (
          <span className="fault" role="alert">
            <Stranger text={fault} />{' '}
          </span>
        )}
        <span className="hint">
          <Stranger text={hint} />
        </span>
      </span>
    </div>
  );
}
