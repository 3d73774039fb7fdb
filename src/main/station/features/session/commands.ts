// Signing in and out, locking, unlocking, switching between operators. A sign-in while somebody
// else is signed in is the quick switch: the till and its basket pass on, the old session ends.
import { durable, process, type Handlers } from '#station/handlers.ts'
import type { ReferenceData } from '#station/reference-data.ts'
import { ok, refuse } from '#station/unit-of-work.ts'
import type { Transact } from '#station/unit-of-work.ts'
import type { OperatorCheck } from './operator-check.ts'
import type { SessionKeeper } from './session-keeper.ts'

type Names =
  | 'session.sign-in' | 'session.resume' | 'session.lock' | 'session.unlock'
  | 'session.sign-out' | 'session.set-language'

export const createSessionCommands = (deps: {
  reference: ReferenceData
  sessions: SessionKeeper
  checkOperator: OperatorCheck
  transact: Transact
}): Pick<Handlers, Names> => {
  const { reference, sessions, checkOperator, transact } = deps
  const viewOr = (token: string) => {
    const view = sessions.view(token)
    return view === null ? refuse('session-ended') : ok(view)
  }
  return {
    'session.sign-in': process<'session.sign-in'>()({
      async process({ operatorNumber, pin }, call) {
        const operator = reference.operatorByNumber(operatorNumber)
        if (operator === null) return refuse('operator-unknown')
        const checked = await checkOperator(operator, pin)
        if (!checked.ok) return checked
        const begun = transact(operator.operatorId, (work) => {
          work.append({ kind: 'operator.signed-in', operatorId: operator.operatorId })
          const token = sessions.begin(work, operator)
          // Bound before the session is announced, so that this caller hears of it as its own.
          call.bind(token)
          return ok(token)
        })
        if (!begun.ok) throw new Error('a session that cannot begin')
        const view = sessions.view(begun.value)
        return view === null ? refuse('operator-unknown') : ok(view)
      },
      present: (view) => view,
    }),
    'session.resume': process<'session.resume'>()({
      process({ sessionToken }, call) {
        if (!sessions.holds(sessionToken)) return refuse('session-ended')
        const view = viewOr(sessionToken)
        if (view.ok) call.bind(sessionToken)
        return view
      },
      present: (view) => view,
    }),
    'session.lock': durable<'session.lock'>()({
      run(work) {
        sessions.update(work, { locked: true })
        return ok(null)
      },
      present: () => null,
    }),
    'session.unlock': process<'session.unlock'>()({
      async process({ pin }, call) {
        const { session, sessionToken } = call
        if (session === null || sessionToken === null) return refuse('session-ended')
        const checked = await checkOperator(session.operator, pin)
        if (!checked.ok) return checked
        if (sessions.current()?.sessionId !== session.sessionId) return refuse('session-ended')
        call.transact((work) => {
          sessions.update(work, { locked: false })
          return ok(null)
        })
        return viewOr(sessionToken)
      },
      present: (view) => view,
    }),
    'session.sign-out': durable<'session.sign-out'>()({
      run(work) {
        sessions.end(work)
        return ok(null)
      },
      present: () => null,
    }),
    'session.set-language': process<'session.set-language'>()({
      process({ language }, call) {
        call.transact((work) => {
          sessions.update(work, { language })
          return ok(null)
        })
        const view = sessions.view(call.sessionToken ?? '')
        return view === null ? refuse('signed-out') : ok(view)
      },
      present: (view) => view,
    }),
  }
}
