import { z } from 'zod';
import type { SaslSettings, TlsSettings } from '../../kernel/target-outlet.ts';

/** Schemas of how a target is reached: with files and names of variables, never with a secret. */

const file = z.string().min(1).max(4000);

export const tlsSchema = z
  .strictObject({
    ca: file
      .optional()
      .describe(
        "file (PEM) of the certificate authorities that are trusted, relative to the scenario's folder; default: those of Node",
      ),
    cert: file.optional().describe('file (PEM) of the client certificate, with its chain; needs `key`'),
    key: file.optional().describe('file (PEM) of its private key, without a passphrase'),
    serverName: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('name that the certificate must have; default: the host of the URL'),
    insecure: z
      .boolean()
      .default(false)
      .describe('true: certificates are not verified, and the report says so'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    message: 'Give cert and key together',
  }) satisfies z.ZodType<TlsSettings>;

/** Login at a Kafka broker. */
export const saslSchema = z.strictObject({
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).describe('mechanism of SASL'),
  username: z.string().min(1).max(1000).describe('user, as text or {{env NAME}}'),
  password: z.string().min(1).max(4000).describe('{{env NAME}}: its value is stored nowhere'),
}) satisfies z.ZodType<SaslSettings>;
