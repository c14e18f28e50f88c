import { type Scenario } from '../scenario.ts'
import { unfiltered } from './unfiltered.ts'

const bytes = { type: 'bytes', unit: 'kB min+gzip without rxjs', n: 1, quickly: 1 } as const
/** Who is made of packages of npm; `sketch` is not, and would load what `rxws` loads. */
const packages = ['raw', 'phoenix', 'supabase', 'rxws', 'rx'] as const

/** What every user pays: bytes, the start of a process, an open socket. */
export const everyUser: readonly Scenario[] = [
  {
    ...bytes,
    name: 'bytes, core',
    build: 'production',
    withPresence: false,
    clients: ['phoenix', 'supabase', 'rx'],
    goal: { atMost: 11.5 },
  },
  {
    ...bytes,
    name: 'bytes, with presence',
    build: 'production',
    withPresence: true,
    clients: ['phoenix', 'supabase', 'rx'],
    goal: { atMost: 13.5 },
  },
  {
    ...bytes,
    name: 'bytes, core, development',
    build: 'development',
    withPresence: false,
    clients: ['rx'],
    goal: { atMost: 15 },
  },
  {
    ...bytes,
    name: 'bytes, with presence, development',
    build: 'development',
    withPresence: true,
    clients: ['rx'],
    goal: { atMost: 17 },
  },
  {
    type: 'import',
    name: 'import in Node',
    unit: 'ms over a bare start',
    n: 10,
    quickly: 3,
    clients: packages,
    goal: {},
  },
  {
    type: 'import over rxjs and ws',
    name: 'import over rxjs and ws',
    unit: 'ms',
    n: 15,
    quickly: 3,
    clients: ['rx'],
    goal: { atMost: 5 },
  },
  {
    type: 'until joined',
    name: 'a new process until joined, import',
    unit: 'ms less the import of rxjs',
    n: 15,
    quickly: 3,
    by: 'import',
    clients: ['phoenix', 'rx'],
    goal: { phoenix: 1.05 },
  },
  {
    type: 'until joined',
    name: 'a new process until joined, require',
    unit: 'ms less the import of rxjs',
    n: 15,
    quickly: 3,
    by: 'require',
    clients: ['phoenix', 'rx'],
    goal: { phoenix: 1.05 },
  },
  {
    type: 'command line',
    name: 'start of the command line',
    unit: 'ms over a bare start',
    n: 10,
    quickly: 3,
    clients: ['rx'],
    goal: { atMost: 150 },
  },
  {
    type: 'sockets',
    name: 'heap of sockets',
    unit: 'kB a socket with one channel, of 100',
    n: 100,
    embedded: false,
    quickly: 1,
    clients: unfiltered,
    goal: { atMost: 25 },
  },
  {
    type: 'sockets',
    name: '5,000 sockets in one process',
    unit: 'kB a socket with one channel',
    n: 5_000,
    embedded: true,
    clients: ['raw', 'phoenix', 'rx'],
    goal: { atMost: 25 },
  },
]
