/** What is wrong with a request, field by field, each with its place in the body. */
import { LongshoreError, type FieldFault } from './longshore-error.js';

/** As class-validator tells it. */
interface ValidationFault {
  property: string;
  constraints?: Record<string, string> | undefined;
  children?: readonly ValidationFault[] | undefined;
}

export function fieldFaults(errors: readonly ValidationFault[], above: readonly string[] = []): FieldFault[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const path = [...above, property];
    const own = Object.values(constraints).map((detail) => ({ pointer: pointer(...path), detail }));
    return [...own, ...fieldFaults(children, path)];
  });
}

function pointer(...names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Does what may be refused because of one field, and says which it was. */
export function inField<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError) || thrown.fields.length > 0) throw thrown;
    const { code, message, remedy } = thrown;
    throw new LongshoreError(code, message, {
      ...(remedy !== undefined && { remedy }),
      fields: [{ pointer: pointer(name), detail: message }],
      cause: thrown,
    });
  }
}

type Answers<Works extends readonly (() => unknown)[]> = {
  -readonly [At in keyof Works]: Works[At] extends () => infer Answer ? Answer : never;
};

/** Does several things that may each be refused, so that everything that is wrong is told at once. */
export function together<const Works extends readonly (() => unknown)[]>(...works: Works): Answers<Works> {
  const refusals: LongshoreError[] = [];
  const answers = works.map((work) => {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError)) throw thrown;
      refusals.push(thrown);
      return undefined;
    }
  });
  const [first, ...others] = refusals;
  if (!first) return answers as Answers<Works>;
  if (others.length === 0) throw first;
  throw new LongshoreError(first.code, refusals.map(({ sentence }) => sentence).join(' '), {
    fields: refusals.flatMap(({ fields }) => fields),
    cause: first,
  });
}
