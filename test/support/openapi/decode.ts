/** A parameter of an operation, and what it arrived as. */
export interface ParameterRule {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly style: string;
  readonly explode: boolean;
  readonly type: 'array' | 'object' | 'primitive';
  /** Names of an object's fields. */
  readonly fields: readonly string[];
  /** It is one JSON text, whatever it stands for. */
  readonly isJson: boolean;
  readonly check: (value: unknown) => Promise<boolean>;
}

interface Arrived {
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly inPath: Readonly<Record<string, string>>;
}

/** The value of a parameter as its style says; undefined: it is not there. */
export function decodedParameter(rule: ParameterRule, { query, headers, inPath }: Arrived): unknown {
  if (rule.in === 'path') return ofText(rule, stripped(rule, inPath[rule.name]), betweenInPath(rule));
  if (rule.in === 'header') return ofText(rule, headers[rule.name.toLowerCase()], ',');
  if (rule.in === 'cookie')
    return ofPairs(
      rule,
      (headers['cookie'] ?? '').split('; ').filter((one) => one !== ''),
    );
  return ofPairs(
    rule,
    query.split('&').filter((one) => one !== ''),
  );
}

function stripped(
  { style, name, type, explode }: ParameterRule,
  raw: string | undefined,
): string | undefined {
  if (raw === undefined || raw === '') return undefined;
  if (style === 'label') return raw.startsWith('.') ? raw.slice(1) : undefined;
  if (style !== 'matrix') return raw;
  const isBare = type === 'object' && explode;
  const head = isBare ? ';' : `;${name}=`;
  if (!raw.startsWith(head)) return undefined;
  return type === 'array' && explode
    ? raw
        .slice(1)
        .split(';')
        .map((one) => one.slice(name.length + 1))
        .join(';')
    : raw.slice(head.length);
}

function betweenInPath({ style, explode }: ParameterRule): string {
  return !explode || style === 'simple' ? ',' : style === 'label' ? '.' : ';';
}

function ofText(rule: ParameterRule, text: string | undefined, between: string): unknown {
  if (text === undefined) return undefined;
  if (rule.isJson) return JSON.parse(decodeURIComponent(text)) as unknown;
  if (rule.type === 'primitive') return decodeURIComponent(text);
  const parts = text.split(between).map((part) => decodeURIComponent(part.trim()));
  if (rule.type === 'array') return parts;
  if (rule.explode) return Object.fromEntries(parts.map((part) => part.split(/=(.*)/s).slice(0, 2)));
  return inTwos(parts);
}

function inTwos(parts: readonly string[]): object {
  return Object.fromEntries(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? '']] : [])));
}

const BETWEEN: Readonly<Record<string, RegExp>> = { spaceDelimited: /%20|\+/, pipeDelimited: /%7C|\|/i };

function ofPairs(rule: ParameterRule, raw: readonly string[]): unknown {
  const pairs = raw.map((one): [string, string] => {
    const at = one.indexOf('=');
    return at < 0 ? [plain(one), ''] : [plain(one.slice(0, at)), one.slice(at + 1)];
  });
  const own = pairs.filter(([key]) => key === rule.name).map(([, value]) => value);
  if (rule.isJson) return own[0] === undefined ? undefined : (JSON.parse(plain(own[0])) as unknown);
  if (rule.type === 'primitive') return own[0] === undefined ? undefined : plain(own[0]);
  if (rule.style === 'deepObject') {
    const inside = pairs.filter(([key]) => key.startsWith(`${rule.name}[`));
    if (inside.length === 0) return undefined;
    return Object.fromEntries(
      inside.map(([key, value]) => [key.slice(rule.name.length + 1, -1), plain(value)]),
    );
  }
  const between = BETWEEN[rule.style] ?? /,/;
  if (rule.type === 'array') {
    if (own.length === 0) return undefined;
    return rule.explode ? own.map(plain) : own[0]!.split(between).map(plain);
  }
  if (!rule.explode) return own[0] === undefined ? undefined : inTwos(own[0].split(between).map(plain));
  const fields = pairs.filter(([key]) => rule.fields.includes(key));
  return fields.length === 0
    ? undefined
    : Object.fromEntries(fields.map(([key, value]) => [key, plain(value)]));
}

function plain(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** The value with its texts as they are, then with those that look like numbers, booleans and JSON as these. */
export function plainForms(value: unknown): unknown[] {
  return [value, typed(value)];
}

function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typed(one)]));
  }
  if (typeof value !== 'string' || !/^(-?\d|true$|false$|null$|[[{])/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
