/** The description as a page to read: plain HTML with no script, whose one style is named by its hash to the browser. */
import { createHash } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from '@longshore/core/json-schema';

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  'x-roles'?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>;
}

interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#ccd3da, #3a424c); --soft: light-dark(#f4f6f8, #1b2027); --link: light-dark(#0b5394, #7ab7f0); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; background: light-dark(#fff, #12161b); color: light-dark(#1c2733, #e4e9ee); }
a { color: var(--link); }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 0.4rem; margin: 0.5rem 0; padding: 0.4rem 0.8rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.2rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
td, th { text-align: left; vertical-align: top; border-top: 1px solid var(--line); padding: 0.25rem 0.5rem 0.25rem 0; }
h2 { margin-top: 2rem; }
:target { background: var(--soft); }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, run, sent or framed. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function docsPage(document: OpenAPIObject): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = [...new Set(entries.map(({ operation }) => operation.tags?.[0] ?? ''))];
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(document.info.title)} API</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(document.info.title)} API</h1>
<p>${escaped(document.info.description ?? '')} The same for programs: <a href="openapi.json">OpenAPI 3.1</a>.</p>
<nav><ul>${tags.map((tag) => `<li><a href="#${anchor(tag)}">${escaped(tag)}</a></li>`).join('')}<li><a href="#schemas">schemas</a></li></ul></nav>
${tags
  .map((tag) =>
    section(
      tag,
      entries.filter(({ operation }) => operation.tags?.[0] === tag),
    ),
  )
  .join('\n')}
<h2 id="schemas">schemas</h2>
${schemas.map(([name, schema]) => `<section id="schema-${escaped(name)}"><h3>${escaped(name)}</h3>${schemaTable(schema)}</section>`).join('\n')}
</main>
</body>
</html>
`;
}

function section(tag: string, entries: readonly Entry[]): string {
  return `<section><h2 id="${anchor(tag)}">${escaped(tag)}</h2>${entries.map(route).join('')}</section>`;
}

function route({ method, path, operation }: Entry): string {
  const { summary = '', description = '', parameters = [], requestBody, responses } = operation;
  const isOpen = (operation.security ?? []).length === 0;
  const who = isOpen ? 'Open to anyone.' : `For the roles ${(operation['x-roles'] ?? []).join(', ')}.`;
  const body = Object.values(requestBody?.content ?? {})[0];
  const rows = Object.entries(responses).map(([status, answer]) => {
    const [media, content] = Object.entries(answer.content ?? {})[0] ?? [];
    const what = content ? `${kind(content.schema)} <code>${escaped(media ?? '')}</code>` : '';
    return `<tr><th scope="row">${escaped(status)}</th><td>${escaped(answer.description ?? '')}</td><td>${what}</td></tr>`;
  });
  const given = parameters.map(
    ({ name, in: place, required, schema = {}, description: about = '' }) =>
      `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${escaped(place)}${required ? ', required' : ''}</td><td>${kind(schema)} ${escaped(about)}</td></tr>`,
  );
  return `<details><summary><b>${escaped(method.toUpperCase())}</b> <code>${escaped(path)}</code> ${escaped(summary)}</summary>
<p>${escaped(description)} ${escaped(who)}</p>
${given.length > 0 ? `<table><caption>Parameters</caption>${given.join('')}</table>` : ''}
${body ? `<p>Body: ${kind(body.schema)}</p>` : ''}
<table><caption>Answers</caption>${rows.join('')}</table></details>`;
}

function schemaTable(schema: Schema): string {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Schema>; required?: string[] };
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${required.includes(name) ? 'always' : ''}</td><td>${kind(property)} ${escaped(textOf(property.description))}</td></tr>`,
  );
  return rows.length > 0 ? `<table>${rows.join('')}</table>` : `<p>${kind(schema)}</p>`;
}

/** What a schema asks for, in few words. */
function kind(schema: Schema): string {
  const { $ref, type, items, anyOf, format, properties } = schema as {
    $ref?: string;
    type?: string;
    items?: Schema;
    anyOf?: Schema[];
    format?: string;
    properties?: Record<string, Schema>;
  };
  if ($ref !== undefined) {
    const name = escaped($ref.replace('#/components/schemas/', ''));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (anyOf) return anyOf.map(kind).join(' or ');
  if (schema.enum) return (schema.enum as unknown[]).map((value) => `<code>${escaped(textOf(value))}</code>`).join(' ');
  if (schema.const !== undefined) return `<code>${escaped(textOf(schema.const))}</code>`;
  if (items) return `list of ${kind(items)}`;
  if (properties)
    return Object.entries(properties)
      .map(([name, one]) => `<code>${escaped(name)}</code>: ${kind(one)}`)
      .join(', ');
  return `${escaped(type ?? 'anything')}${format === undefined ? '' : ` (${escaped(format)})`}${limits(schema)}`;
}

function limits(schema: Schema): string {
  const known = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'default'];
  const said = known.flatMap((name) => (schema[name] === undefined ? [] : `${name} ${textOf(schema[name])}`));
  return said.length > 0 ? `, ${escaped(said.join(', '))}` : '';
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function anchor(tag: string): string {
  return `tag-${tag.replaceAll(/[^a-z]+/g, '-')}`;
}

function escaped(value: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return value.replace(/[&<>"']/g, (character) => names[character] ?? '');
}
