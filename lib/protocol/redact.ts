const SECRET = '[^"]*(?:token|secret|passw|authorization|credential|api_?key|session)[^"]*'
const SECRET_STRING = new RegExp(`"(${SECRET})"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"?`, 'gi')

/** Hides the values of keys that look like credentials, in a text of JSON. For traces and errors. */
export const redact = (json: string): string => json.replace(SECRET_STRING, '"$1":"[redacted]"')
