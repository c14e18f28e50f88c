import { type Finding } from './finding.ts'

/** The URL, if it can be that of a socket, and the finding about it; never its query, which may contain secrets. */
export const examineUrl = (given: string): { readonly url?: URL; readonly findings: readonly Finding[] } => {
  let url: URL
  try {
    url = new URL(given)
  } catch {
    return { findings: [bad('it cannot be parsed')] }
  }
  if (!/^(ws|http)s?:$/.test(url.protocol)) return { findings: [bad(`its scheme is ${url.protocol}`)] }
  const shown = `${url.protocol}//${url.host}${url.pathname}`
  const findings: Finding[] = [{ check: 'url', verdict: 'ok', found: shown }]
  if (url.pathname === '/')
    findings.push({
      check: 'url',
      verdict: 'warning',
      found: 'it has no path',
      cause: 'Phoenix mounts sockets at a path, by default /socket',
      fix: `try ${url.protocol}//${url.host}/socket`,
    })
  if (url.username !== '' || url.password !== '')
    findings.push({
      check: 'url',
      verdict: 'warning',
      found: 'it holds credentials',
      cause: 'URLs end up in logs, and browsers refuse such a WebSocket',
      fix: 'use the auth token (--token-env) or a header',
    })
  return { url, findings }
}

const bad = (found: string): Finding => ({
  check: 'url',
  verdict: 'problem',
  found,
  cause: 'it is not the address of a socket',
  fix: 'pass the mount point, such as wss://example.com/socket',
})
