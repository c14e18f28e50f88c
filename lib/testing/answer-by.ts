import { delay, type Observable } from 'rxjs'
import { type Message } from '../protocol/message.ts'
import { answerOk, type FakePhoenixOptions } from './fake-phoenix.ts'

/**
 * Answers of a fake server by event, such as `{ new_msg: (message) => of(errorTo(message, { reason: 'muted' })) }`, for its
 * option `answer`. Everything else is answered with `ok`; `() => NEVER` answers nothing.
 *
 * @param afterMs - how long each answer takes. Default: 0, within the call.
 */
export const answerBy =
  (
    answers: Readonly<Record<string, NonNullable<FakePhoenixOptions['answer']>>>,
    afterMs = 0,
  ): NonNullable<FakePhoenixOptions['answer']> =>
  (message, index): Observable<Message> => {
    const answer = Object.hasOwn(answers, message.event) ? answers[message.event] : undefined
    const answer$ = (answer ?? answerOk)(message, index)
    return afterMs === 0 ? answer$ : answer$.pipe(delay(afterMs))
  }
