import { type Command, Option } from 'commander'
import { type Json, jsonObject, number, pair, whole } from './read-argument.ts'

type Names = Readonly<Record<string, string>>

/** The flags of every command that connects. */
export interface ConnectionFlags {
  readonly params?: Json
  readonly paramEnv?: Names
  readonly tokenEnv?: string
  readonly header?: Names
  readonly headerEnv?: Names
  readonly vsn: '1.0.0' | '2.0.0'
  readonly transport: 'websocket' | 'longpoll'
  /** Seconds. */
  readonly timeout: number
  readonly retries?: number
  readonly ca?: string
  readonly insecure?: boolean
  readonly verbose?: boolean
  readonly quiet?: boolean
}

/** The flags of every command that joins. */
export interface JoinFlags extends ConnectionFlags {
  readonly joinParams?: Json
  readonly joinParamEnv?: Names
}

const VARIABLE = 'KEY=VARIABLE, where VARIABLE is one of the environment'

/** Adds the flags of the connection. */
export const connecting = (command: Command): Command =>
  command
    .optionsGroup('Connection:')
    .option('--params <json>', 'query of the connection, a JSON object', jsonObject('--params'))
    .option(
      '--param-env <key=var>',
      'one of these params, from the environment; repeatable',
      pair('--param-env', VARIABLE),
    )
    .option('--token-env <var>', 'the auth token, from the environment')
    .option('--header <name=value>', 'a header, such as origin; repeatable', pair('--header', 'NAME=VALUE'))
    .option(
      '--header-env <name=var>',
      'a header, from the environment; repeatable',
      pair('--header-env', VARIABLE),
    )
    .addOption(
      new Option('--vsn <version>', 'version of the protocol').choices(['1.0.0', '2.0.0']).default('2.0.0'),
    )
    .addOption(
      new Option('--transport <name>', 'transport to use')
        .choices(['websocket', 'longpoll'])
        .default('websocket'),
    )
    .option(
      '--timeout <seconds>',
      'limit for a connection, a join or a push',
      number('--timeout', 0.001, 86_400),
      10,
    )
    .option('--ca <file>', 'a certificate authority to trust, as PEM')
    .option('--insecure', 'accept any certificate')
    .optionsGroup('Output:')
    .option('-q, --quiet', 'only failures on standard error')
    .option('-v, --verbose', 'frames on standard error, secrets left out')

/** Adds the flags of the payload of a join. */
export const joinPayload = (command: Command): Command =>
  command
    .optionsGroup('Join:')
    .option('--join-params <json>', 'payload of the join, a JSON object', jsonObject('--join-params'))
    .option(
      '--join-param-env <key=var>',
      'one of these params, from the environment; repeatable',
      pair('--join-param-env', VARIABLE),
    )

/** Adds the flags of the connection and of the join. */
export const joining = (command: Command, retries = 'no limit'): Command =>
  connecting(
    joinPayload(command)
      .optionsGroup('Connection:')
      .option(
        '--retries <n>',
        `failures to connect in a row that are tried again (default: ${retries})`,
        whole('--retries', 0),
      ),
  )
