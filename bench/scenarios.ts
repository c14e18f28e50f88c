import { type Scenario } from './scenario.ts'
import { channels } from './scenarios/channels.ts'
import { durable } from './scenarios/durable.ts'
import { everyUser } from './scenarios/every-user.ts'
import { messages } from './scenarios/messages.ts'

/** The goals are those that the project has set itself. What every user pays comes first. */
export const scenarios: readonly Scenario[] = [...everyUser, ...messages, ...channels, ...durable]
