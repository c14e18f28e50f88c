import { TaggedError } from './tagged-error.ts'

/** A public function was called with an argument that cannot work. Thrown at the call, so that the stack shows where. */
export class InvalidArgument extends TaggedError<'InvalidArgument'> {
  /** The name of the argument or option. */
  readonly argument: string
  readonly value: unknown

  constructor(argument: string, value: unknown, advice: string) {
    super('InvalidArgument', `${argument} is ${show(value)}: ${advice}`)
    this.argument = argument
    this.value = value
  }
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value.slice(0, 100))
    : typeof value === 'object' && value !== null
      ? 'an object'
      : String(value)
