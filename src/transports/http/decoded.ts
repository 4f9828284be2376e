import type { IncomingHeaders } from './answer.ts';

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

/** Decoders of content-encoding (RFC 9110, 8.4.1), loaded when an answer needs one. */
function decoderOf(encoding: string): Decode | undefined {
  const zlib = process.getBuiltinModule('node:zlib');
  switch (encoding) {
    case 'identity':
      return (body) => body;
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync;
    case 'deflate':
      // Some servers leave out the zlib header, whose first byte ends in 8.
      return (body, options) =>
        (body[0]! & 0x0f) === 8 ? zlib.inflateSync(body, options) : zlib.inflateRawSync(body, options);
    case 'br':
      return zlib.brotliDecompressSync;
    case 'zstd':
      return zlib.zstdDecompressSync;
    default:
      return undefined;
  }
}

/**
 * The body as its rules see it: without its content-encoding, in UTF-8 without a byte order mark.
 * @param body empty where it was not read
 * @returns what is wrong with it, in words, where it cannot be decoded
 */
export function decodedBody(
  body: Buffer,
  headers: IncomingHeaders,
  maxOutputLength: number,
): Buffer | string {
  const named = headers['content-encoding'];
  if (named === undefined || body.length === 0) return withoutMark(body);
  // In the order in which they were applied.
  const encodings = String(named)
    .toLowerCase()
    .split(/\s*,\s*/)
    .toReversed();
  let decoded = body;
  for (const encoding of encodings) {
    const decode = decoderOf(encoding.trim());
    if (!decode) return `Expected gzip, deflate, br or zstd as content-encoding, found ${encoding}`;
    try {
      decoded = decode(decoded, { maxOutputLength });
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === 'ERR_BUFFER_TOO_LARGE') return `Expected a body of at most ${maxOutputLength} bytes`;
      return `Expected a body in the content-encoding ${encoding}, found ${message}`;
    }
  }
  return withoutMark(decoded);
}

function withoutMark(body: Buffer): Buffer {
  const [first, second, third] = body;
  if (first === 0xef && second === 0xbb && third === 0xbf) return body.subarray(3);
  if (first === 0xff && second === 0xfe) return Buffer.from(new TextDecoder('utf-16le').decode(body));
  if (first === 0xfe && second === 0xff) return Buffer.from(new TextDecoder('utf-16be').decode(body));
  return body;
}
