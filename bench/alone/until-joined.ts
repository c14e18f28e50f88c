import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'
import { median } from '../measures/median.ts'
import { took } from './took.ts'

type By = 'import' | 'require'
/** What a program writes to have these names from a package. */
type Load = (names: string, from: string) => string

/** Node 20 has no WebSocket of its own, so phoenix.js is given one; rx-phoenix takes `ws` by itself. */
const programs: Readonly<Partial<Record<ClientName, (load: Load, url: string) => string>>> = {
  phoenix: (load, url) => `
    ${load('{ Socket }', 'phoenix')}
    ${load('{ WebSocket }', 'ws')}
    const socket = new Socket('${url}', { transport: WebSocket, vsn: '2.0.0' })
    socket.connect()
    socket.channel('bench:0').join().receive('ok', () => process.exit())`,
  rx: (load, url) => `
    ${load('{ phoenixSocket }', 'rx-phoenix')}
    phoenixSocket('${url}').channel('bench:0').subscribe(({ status }) => {
      if (status === 'joined') process.exit()
    })`,
}

const loaders: Readonly<Record<By, Load>> = {
  import: (names, from) => `import ${names} from '${from}'`,
  require: (names, from) => `const ${names} = require('${from}')`,
}

/** The time of a new process until its first channel is joined. What rxjs takes to load is not counted. */
export const untilJoined = async (client: ClientName, by: By, n: number, url: string): Promise<Measured> => {
  const load = loaders[by]
  const program = programs[client]?.(load, url)
  if (program === undefined) throw new Error(`${client} is not measured until it has joined`)
  const node = (code: string): readonly string[] => [
    `--input-type=${by === 'import' ? 'module' : 'commonjs'}`,
    '-e',
    code,
  ]
  const bare = node('0')
  const rxjs = node(load('{ Observable }', 'rxjs'))
  const times: number[] = []
  for (let i = 0; i < n; i++) {
    const whole = await took(node(program))
    times.push(client === 'rx' ? whole - ((await took(rxjs)) - (await took(bare))) : whole)
  }
  return { value: median(times), correct: true } // or it would have thrown
}
