/** Replacement for a secret. */
export const HIDDEN = '***';
const SECRET_KEY = /pass|secret|token|key|auth|cookie|credential/i;

/** Whether a value of this name is probably a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_KEY.test(name);
}

/**
 * A URL as it may be shown or stored: without its password and without query values that name a secret.
 * Text that is no URL loses everything before an `@` that could be credentials.
 */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return text.replaceAll(/\/\/[^/\s]*@/g, `//${HIDDEN}@`);
  const url = new URL(text);
  if (url.password !== '') url.password = HIDDEN;
  for (const key of new Set(url.searchParams.keys())) {
    if (isSecretName(key)) url.searchParams.set(key, HIDDEN);
  }
  return url.href;
}

/** Whether a part of this URL was removed, so that it cannot be used any more. */
export function isRedacted(text: string): boolean {
  const { password, searchParams } = new URL(text);
  return password === HIDDEN || [...searchParams.values()].includes(HIDDEN);
}
