/** Looks through a template before anybody needs it: names that no news has, and what a template may not do. */
import type Handlebars from 'handlebars';

export interface TemplateFault {
  line: number;
  column: number;
  /** What is wrong, as a sentence without a full stop. */
  what: string;
}

/** What stands behind a name that only the run can tell. */
const anything = Symbol('anything');

interface Scope {
  /** What names are looked for in, outermost first. */
  contexts: unknown[];
  /** Names that a block gave, as in `{{#each dead as |task|}}`. */
  named: Record<string, unknown>;
}

type Node = hbs.AST.Node;
type Block = hbs.AST.BlockStatement;
type Call = hbs.AST.MustacheStatement | Block | hbs.AST.SubExpression;

const blocks = ['if', 'unless', 'each', 'with'];
const loopWords = ['index', 'key', 'first', 'last'];

/**
 * @param example has every name there may be
 * @param escapes true where `{{{this}}}` would let a file name write HTML
 */
export function faultsIn(
  program: ReturnType<typeof Handlebars.parse>,
  example: unknown,
  escapes: boolean,
): TemplateFault[] {
  const faults: TemplateFault[] = [];
  const add = ({ loc }: Node, what: string) => {
    faults.push({ line: loc.start.line, column: loc.start.column + 1, what });
    return anything;
  };

  function statements(body: hbs.AST.Statement[], scope: Scope): void {
    for (const statement of body) statementIn(statement, scope);
  }

  function statementIn(statement: hbs.AST.Statement, scope: Scope): void {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement': {
        const mustache = statement as hbs.AST.MustacheStatement;
        if (escapes && !mustache.escaped) add(mustache, 'HTML is always escaped here: use two braces');
        valueOf(mustache, scope);
        return;
      }
      case 'BlockStatement':
        return block(statement as Block, scope);
      default:
        add(statement, 'a template includes no other one');
    }
  }

  function block(found: Block, scope: Scope): void {
    const name = found.path.original;
    if (!blocks.includes(String(name))) {
      add(found, `there is no block "${String(name)}"; there are ${blocks.join(', ')}`);
      return;
    }
    const [value] = argumentsOf(found, scope);
    const inner = name === 'each' ? oneOf(value, found) : value;
    const changes = name === 'each' || name === 'with';
    const named = Object.fromEntries(
      (found.program.blockParams ?? []).map((word, at) => [word, at === 0 ? inner : anything]),
    );
    statements(
      found.program.body,
      changes ? { contexts: [...scope.contexts, inner], named: { ...scope.named, ...named } } : scope,
    );
    if (found.inverse) statements(found.inverse.body, scope);
  }

  function oneOf(list: unknown, at: Node): unknown {
    if (list === anything || Array.isArray(list)) return list === anything ? anything : (list as unknown[])[0];
    return add(at, 'each goes over a list, and this is none');
  }

  function argumentsOf({ params, hash }: Call, scope: Scope): unknown[] {
    for (const pair of hash?.pairs ?? []) expression(pair.value, scope);
    return params.map((param) => expression(param, scope));
  }

  function valueOf(call: Call, scope: Scope): unknown {
    const path = call.path as hbs.AST.PathExpression;
    if (call.params.length === 0 && !call.hash) return expression(call.path, scope);
    argumentsOf(call, scope);
    return path.original === 'lookup' ? anything : add(call, `there is no helper "${String(path.original)}"`);
  }

  function expression(found: hbs.AST.Expression, scope: Scope): unknown {
    if (found.type === 'SubExpression') return valueOf(found as hbs.AST.SubExpression, scope);
    return found.type === 'PathExpression' ? path(found as hbs.AST.PathExpression, scope) : anything;
  }

  function path(found: hbs.AST.PathExpression, { contexts, named }: Scope): unknown {
    const parts = found.parts;
    if (found.data) {
      const [first = '', ...rest] = parts;
      if (first === 'root') return down(contexts[0], rest, found);
      return loopWords.includes(first) ? anything : add(found, `there is no "@${first}"`);
    }
    const [first = ''] = parts;
    if (found.depth === 0 && Object.hasOwn(named, first) && !/^(this|\.)/.test(found.original)) {
      return down(named[first], parts.slice(1), found);
    }
    const context = contexts.at(-1 - found.depth);
    if (found.depth >= contexts.length) return add(found, `"${found.original}" goes out of the template`);
    return down(context, parts, found);
  }

  function down(from: unknown, parts: readonly string[], at: hbs.AST.PathExpression): unknown {
    let value = from;
    for (const part of parts) {
      if (value === anything) return anything;
      if (Array.isArray(value) && /^\d+$/.test(part)) value = (value as unknown[])[0];
      else if (typeof value === 'object' && value !== null && Object.hasOwn(value, part)) {
        value = (value as Record<string, unknown>)[part];
      } else return add(at, `"${at.original}" is unknown; there ${known(value)}`);
    }
    return value;
  }

  statements(program.body, { contexts: [example], named: {} });
  return faults;
}

function known(value: unknown): string {
  if (Array.isArray(value)) return 'is a list, with "length"';
  if (typeof value !== 'object' || value === null) return 'is nothing inside it';
  const names = Object.keys(value);
  return `${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
}
