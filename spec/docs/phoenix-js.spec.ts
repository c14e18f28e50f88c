import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import * as phoenix from 'phoenix'
import ts from 'typescript'
import { codeSpans, namesIn, readPage } from './page.ts'

const require = createRequire(import.meta.url)
const sources = join(dirname(require.resolve('phoenix')), '../../assets/js/phoenix')
const source = (file: string): string => readFileSync(join(sources, file), 'utf8')

const page = readFileSync(join(import.meta.dirname, '../../docs/coming-from/phoenix.md'), 'utf8')
const { rows } = readPage(page)
const spans = rows.flatMap(({ theirs }) => codeSpans(theirs))
const named = new Set([
  ...spans.flatMap(namesIn),
  // The status in receive('timeout'), for instance.
  ...spans.flatMap((span) => [...span.matchAll(/'(\w+)'/g)].map(([, text = '']) => text)),
])
const missing = (names: readonly string[]): readonly string[] => names.filter((name) => !named.has(name))

const { Serializer, ...classes } = phoenix as unknown as Readonly<Record<string, object>>
const channel = new phoenix.Socket('ws://localhost').channel('room:lobby')
const push = channel.join(60_000)
channel.leave()

const methodsOf = (constructor: object): readonly string[] => {
  const { prototype } = constructor as { prototype?: object }
  return [
    ...Object.getOwnPropertyNames(prototype ?? {}).filter((name) => name !== 'constructor'),
    ...Object.getOwnPropertyNames(constructor).filter(
      (name) => !['length', 'name', 'prototype'].includes(name),
    ),
  ]
}

/** The members of an interface or class in @types/phoenix, the literals of an alias. */
const typed = (name: string): readonly string[] => {
  const file = join(dirname(require.resolve('@types/phoenix/package.json')), 'index.d.ts')
  const types = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = types.statements.find(
    (statement) =>
      (ts.isInterfaceDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement)) &&
      statement.name?.text === name,
  )
  const names: string[] = []
  found?.forEachChild((node) => {
    if ((ts.isPropertySignature(node) || ts.isClassElement(node)) && node.name)
      names.push(node.name.getText(types))
    if (ts.isUnionTypeNode(node)) names.push(...node.types.map((type) => type.getText(types).slice(1, -1)))
  })
  return names
}

describe('docs/coming-from/phoenix.md names everything in the installed phoenix.js:', () => {
  it('the version that it names', () => {
    const { version } = JSON.parse(readFileSync(join(sources, '../../../package.json'), 'utf8')) as {
      version: string
    }
    expect(page).toContain(version)
  })

  it('the exports', () => {
    const names = Object.keys(phoenix).filter((name) => name !== 'default')
    expect(names.length).toBeGreaterThan(4)
    expect(missing(names.filter((name) => name !== 'Channel'))).toEqual([])
  })

  it.each(Object.keys(classes))('the methods of %s', (name) => {
    expect(missing(methodsOf(classes[name] ?? {}))).toEqual([])
  })

  it('the methods of a push', () => {
    const methods = methodsOf(push.constructor)
    expect(methods).toContain('receive')
    expect(missing(methods)).toEqual([])
  })

  it('the serializer', () => {
    expect(missing(Object.keys(Serializer ?? {}))).toEqual([])
  })

  it('the options that the constructor of the socket reads', () => {
    const options = [...source('socket.js').matchAll(/opts\.(\w+)/g)].map(([, option = '']) => option)
    expect(options.length).toBeGreaterThan(15)
    expect(missing(options)).toEqual([])
  })

  it('the states of channels and connections', () => {
    const states = [...typed('ChannelState'), ...typed('ConnectionState')]
    expect(states).toHaveLength(9)
    expect(missing(states)).toEqual([])
  })

  it('the reasons of an error in the transport', () => {
    const reasons = [...source('socket.js').matchAll(/triggerChanError\("(\w+)"/g)].map(
      ([, reason = '']) => reason,
    )
    expect(new Set(reasons).size).toBe(3)
    expect(missing(reasons)).toEqual([])
  })

  it('the errors that it throws', () => {
    const files = [
      'ajax.js',
      'channel.js',
      'longpoll.js',
      'presence.js',
      'push.js',
      'serializer.js',
      'socket.js',
    ]
    const thrown = files.flatMap((file) =>
      [...source(file).matchAll(/throw new Error\(["`]([^"`]+)/g)].map(([, text = '']) => text),
    )
    expect(thrown).toHaveLength(6)
    const begins = (text: string, span: string): boolean =>
      span
        .split('…')
        .every((part) => text.includes(part.trim().replaceAll("'", '')) || text.includes(part.trim()))
    expect(thrown.filter((text) => !spans.some((span) => span.length > 12 && begins(text, span)))).toEqual([])
  })

  it.each(['SocketConnectOption', 'Socket', 'Channel', 'Push', 'Presence', 'LongPoll'])(
    'what @types/phoenix declares of %s',
    (name) => {
      const names = typed(name)
      expect(names.length).toBeGreaterThan(2)
      expect(missing(names)).toEqual([])
    },
  )
})
