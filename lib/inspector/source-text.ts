/** A value as source text. JSON is JavaScript since ES2019, except for `__proto__`, which would set the prototype. */
export const sourceText = (value: unknown): string =>
  JSON.stringify(value ?? null).replaceAll(/"__proto__"(?=\s*:)/g, '["__proto__"]')
