import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  registerSchema,
  setShouldValidateSchema,
  validate as validateDraft04,
} from '@hyperjump/json-schema/draft-04';
import { validate as validate30 } from '@hyperjump/json-schema/openapi-3-0';
import { validate as validate31 } from '@hyperjump/json-schema/openapi-3-1';
import { validate as validate32 } from '@hyperjump/json-schema/openapi-3-2';
import type { ParameterRule } from './decode.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a document is whatever it is
export type Any = any;
export type Json = { readonly [key: string]: Any };

interface OperationRule {
  readonly name: string;
  readonly parameters: readonly ParameterRule[];
  readonly body:
    | { readonly required: boolean; readonly media: Readonly<Record<string, MediaRule>> }
    | undefined;
  /** The first success that it names. */
  readonly status: number;
}
interface MediaRule {
  readonly check: (value: unknown) => Promise<boolean>;
  readonly fields: readonly { readonly name: string; readonly required: boolean }[];
}

export interface ApiRules {
  route(
    method: string,
    path: string,
  ): { operation: OperationRule; inPath: Record<string, string> } | undefined;
}

type Check = (pointer: string, schema: Json | undefined) => (value: unknown) => Promise<boolean>;

// The documents are what they are; some break their own meta-schema.
setShouldValidateSchema(false);

let documents = 0;

/** The rules of a document of one file, in its own dialect. */
export async function rulesOf(original: Json, folder: string): Promise<ApiRules> {
  const document = requestsOnly(structuredClone(original), original) as Json;
  if (JSON.stringify(original).includes('"discriminator"')) withDiscriminators(document, document);
  const file = path.join(folder, `document-${documents++}.openapi.json`);
  writeFileSync(file, JSON.stringify(document));
  const check = document['swagger'] ? draft04Check(document, file) : openapiCheck(document, file);
  const operations = Object.entries(document['paths'] as Json).flatMap(([template, found]) => {
    const { value: item, pointer } = located(document, found, `/paths/${escaped(template)}`);
    return ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'query'].flatMap((method) => {
      if (!item[method]) return [];
      const rule = operationRule({ document, check, item, pointer, method, template });
      return [
        {
          method: method.toUpperCase(),
          pattern: patternOf(template, prefixOf(document, item, item[method])),
          rule,
        },
      ];
    });
  });
  return {
    route(method, at) {
      const matching = operations.flatMap((one) => {
        const found = one.method === method ? one.pattern.regex.exec(at) : null;
        const inPath = found ? (found.groups ?? {}) : undefined;
        return inPath
          ? [
              {
                operation: one.rule,
                inPath: namedBack(inPath, one.pattern.names),
                holes: one.pattern.names.length,
              },
            ]
          : [];
      });
      return matching.toSorted((a, b) => a.holes - b.holes)[0];
    },
  };
}

function openapiCheck(document: Json, file: string): Check {
  const version = String(document['openapi']);
  const validate = version.startsWith('3.0')
    ? validate30
    : version.startsWith('3.1')
      ? validate31
      : validate32;
  return (pointer, schema) => async (value) => {
    if (schema === undefined) return true;
    const uri = `${pathToFileURL(file).href}#${encodeURI(pointer)}`;
    return (await validate(uri, value as never)).valid;
  };
}

function draft04Check(document: Json, file: string): Check {
  return (pointer, schema) => {
    const uri = `https://test.example${pathToFileURL(file).pathname}/${encodeURIComponent(pointer)}`;
    let isKnown = false;
    return async (value) => {
      if (schema === undefined) return true;
      const { required, example: _example, ...own } = schema;
      const rules = { ...own, ...(Array.isArray(required) ? { required } : {}) };
      const whole = { allOf: [rules], definitions: document['definitions'] ?? {} };
      if (!isKnown) registerSchema(whole, uri, 'http://json-schema.org/draft-04/schema#');
      isKnown = true;
      return (await validateDraft04(uri, value as never)).valid;
    };
  };
}

/** What only answers have is asked of no request. */
function requestsOnly(value: Any, root: Json): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) requestsOnly(child, root);
  if (Array.isArray(value.required) && typeof value.properties === 'object') {
    value.required = value.required.filter(
      (name: string) => located(root, value.properties[name], '').value?.readOnly !== true,
    );
    // Draft 4 allows no empty list.
    if (value.required.length === 0) delete value.required;
  }
  return value;
}

/** The member that a discriminator names is the one that counts, whichever others a value would fit, too. */
function withDiscriminators(value: Any, root: Json): void {
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) withDiscriminators(child, root);
  if (
    !Array.isArray(value.oneOf) ||
    !value.oneOf.every((member: Json) => typeof member?.['$ref'] === 'string')
  )
    return;
  value.anyOf = value.oneOf;
  delete value.oneOf;
  const { propertyName, mapping = {} } = value.discriminator ?? {};
  if (propertyName === undefined) return;
  const own = value.anyOf.map((member: Json) => String(member['$ref']).split('/').at(-1));
  const listed = value.anyOf.flatMap((member: Json) => {
    return located(root, member, '').value['properties']?.[propertyName]?.enum ?? [];
  });
  value.allOf = [{ properties: { [propertyName]: { enum: [...Object.keys(mapping), ...own, ...listed] } } }];
}

interface OperationAt {
  readonly document: Json;
  readonly check: Check;
  readonly item: Json;
  readonly pointer: string;
  readonly method: string;
  readonly template: string;
}

function operationRule({ document, check, item, pointer, method, template }: OperationAt): OperationRule {
  const { value: operation, pointer: at } = located(document, item[method], `${pointer}/${method}`);
  const all = [
    ...((item['parameters'] ?? []) as Json[]).map((one, i) =>
      located(document, one, `${pointer}/parameters/${i}`),
    ),
    ...((operation['parameters'] ?? []) as Json[]).map((one, i) =>
      located(document, one, `${at}/parameters/${i}`),
    ),
  ];
  const unique = [...new Map(all.map((one) => [`${one.value['in']} ${one.value['name']}`, one])).values()];
  const plain = unique.filter(({ value }) => ['path', 'query', 'header', 'cookie'].includes(value['in']));
  const successes = Object.keys(operation['responses'] ?? {}).filter((status) => /^2\d\d$/.test(status));
  return {
    name: `${method.toUpperCase()} ${template}`,
    parameters: plain
      .filter(({ value }) => !/^(accept|content-type|authorization)$/i.test(value['name']))
      .map((one) => parameterRule(document, check, one)),
    body: document['swagger']
      ? bodyOf2(document, check, unique, operation)
      : bodyOf3(document, check, operation, at),
    status: Number(successes[0] ?? 200),
  };
}

interface Located {
  readonly value: Json;
  readonly pointer: string;
}

function parameterRule(document: Json, check: Check, { value, pointer }: Located): ParameterRule {
  const [type, media] = Object.entries((value['content'] ?? {}) as Json)[0] ?? [];
  const isOld = Boolean(document['swagger']);
  const schema: Json | undefined = isOld
    ? withoutPlace(value)
    : type === undefined
      ? value['schema']
      : media.schema;
  const at = type === undefined ? `${pointer}/schema` : `${pointer}/content/${escaped(type)}/schema`;
  const shape = schema === undefined ? {} : located(document, schema, '').value;
  const style =
    value['style'] ??
    STYLE_OF[value['collectionFormat'] as string] ??
    (['query', 'cookie'].includes(value['in']) ? 'form' : 'simple');
  const kind =
    [shape['type']].flat().find((one) => one === 'array' || one === 'object') ??
    (shape['properties'] ? 'object' : 'primitive');
  return {
    name: value['name'],
    in: value['in'],
    required: value['required'] === true,
    style,
    explode: isOld ? value['collectionFormat'] === 'multi' : (value['explode'] ?? style === 'form'),
    type: kind,
    fields: Object.keys(shape['properties'] ?? {}),
    isJson: /json/.test(type ?? ''),
    check: check(at, schema),
  };
}

const STYLE_OF: Readonly<Record<string, string>> = {
  multi: 'form',
  csv: 'form',
  pipes: 'pipeDelimited',
  ssv: 'spaceDelimited',
};

function withoutPlace({
  name: _name,
  in: _in,
  required: _required,
  description: _text,
  collectionFormat: _format,
  ...schema
}: Json): Json {
  return schema;
}

function bodyOf3(document: Json, check: Check, operation: Json, at: string): OperationRule['body'] {
  if (!operation['requestBody']) return undefined;
  const { value, pointer } = located(document, operation['requestBody'], `${at}/requestBody`);
  const media = Object.entries((value['content'] ?? {}) as Json).map(([type, one]) => {
    const schema = one.schema === undefined ? undefined : located(document, one.schema, '').value;
    return [
      type,
      { check: check(`${pointer}/content/${escaped(type)}/schema`, one.schema), fields: fieldsOf(schema) },
    ];
  });
  return { required: value['required'] === true, media: Object.fromEntries(media) };
}

function bodyOf2(
  document: Json,
  check: Check,
  parameters: readonly Located[],
  operation: Json,
): OperationRule['body'] {
  const body = parameters.find(({ value }) => value['in'] === 'body');
  const form = parameters.filter(({ value }) => value['in'] === 'formData');
  const types: string[] = operation['consumes'] ?? document['consumes'] ?? ['application/json'];
  if (!body && form.length === 0) return undefined;
  const rule: MediaRule = body
    ? { check: check(`${body.pointer}/schema`, body.value['schema']), fields: [] }
    : {
        check: async () => true,
        fields: form.map(({ value }) => ({ name: value['name'], required: value['required'] === true })),
      };
  const known = types.length > 0 ? types : ['application/json'];
  return {
    required: body?.value['required'] === true,
    media: Object.fromEntries(known.map((type) => [type, rule])),
  };
}

function fieldsOf(schema: Json | undefined): MediaRule['fields'] {
  const required: string[] = schema?.['required'] ?? [];
  return Object.keys(schema?.['properties'] ?? {}).map((name) => ({
    name,
    required: required.includes(name),
  }));
}

/** The path of the document's server, which comes before that of the operation. */
function prefixOf(document: Json, item: Json, operation: Json): string {
  if (document['swagger']) return (document['basePath'] ?? '').replace(/\/$/, '');
  const servers: Json[] = operation['servers'] ?? item['servers'] ?? document['servers'] ?? [];
  // One on this machine is the nearest.
  const server =
    servers.find(({ url: at }) => /^https?:\/\/(localhost|127\.)/.test(String(at))) ?? servers[0];
  const url = String(server?.['url'] ?? '').replaceAll(
    /\{([^{}]+)\}/g,
    (_all, name: string) => server!['variables']?.[name]?.default ?? 'x',
  );
  return new URL(url || '/', 'http://h').pathname.replace(/\/$/, '');
}

function patternOf(template: string, prefix: string): { regex: RegExp; names: string[] } {
  const names: string[] = [];
  const whole = prefix + template.replace(/#.*$/, '');
  const source = whole.split(/(\{[^{}]+\})/).map((part) => {
    if (!part.startsWith('{')) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    names.push(part.slice(1, -1));
    return `(?<p${names.length - 1}>[^/]*)`;
  });
  return { regex: new RegExp(`^${source.join('')}$`), names };
}

function namedBack(groups: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, i) => [name, groups[`p${i}`]!]));
}

/** What a local reference leads to, and where that is. */
function located(document: Json, value: Json | undefined, pointer: string): Located {
  const ref: unknown = value?.['$ref'];
  if (typeof ref !== 'string') return { value: value!, pointer };
  const at = decodeURIComponent(ref.slice(1));
  const found = at
    .split('/')
    .slice(1)
    .reduce<Any>((one, key) => one?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return located(document, found, at);
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
