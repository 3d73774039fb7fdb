// The shape of a feature: a typed map of handlers, one for each entry of the contract. The
// dispatcher has already checked input, session and permission when a handler runs.
import type {
  CommandName, OutputOf, ParsedInputOf, QueryName, RefusalOf,
} from '#contract/contract.ts'
import type { Outcome } from '#contract/define.ts'
import type { Permission } from '#contract/permissions.ts'
import type { SessionState } from './features/session/session-keeper.ts'
import type { Work } from './unit-of-work.ts'

/** What a handler knows of the request it serves. */
export type Call = {
  readonly name: CommandName | QueryName
  readonly commandId: string
  readonly inputDigest: string
  readonly session: SessionState | null
  /** What the caller is bound to, '' in process; null when it does not hold the session. */
  readonly sessionToken: string | null
  /** Makes the caller's connection one that acts in the session with this token. */
  bind(sessionToken: string | null): void
  /** A durable step in the name of the signed-in operator; approvals are journalled with it. */
  transact<T, C extends string = never>(body: (work: Work) => Outcome<T, C>): Outcome<T, C>
  /** Within a step: what a repetition of this command is to be answered, also after a restart. */
  record(work: Work, outcome: Outcome<unknown>): void
}

/**
 * A command that is one transaction. `run` decides and writes; what it returns is stored and must
 * be small JSON. `present` makes the answer of it, for the first call and for every repetition.
 */
export type DurableHandler<N extends CommandName> = {
  kind: 'durable'
  also?(input: ParsedInputOf<N>): readonly Permission[]
  run(work: Work, input: ParsedInputOf<N>, call: Call): Outcome<unknown, RefusalOf<N>>
  present(stored: unknown): OutputOf<N>
}

/** A command that waits for the world between its steps, or that must leave no durable result. */
export type ProcessHandler<N extends CommandName> = {
  kind: 'process'
  also?(input: ParsedInputOf<N>): readonly Permission[]
  process(
    input: ParsedInputOf<N>,
    call: Call,
  ): Outcome<unknown, RefusalOf<N>> | Promise<Outcome<unknown, RefusalOf<N>>>
  present(stored: unknown): OutputOf<N>
}

export type CommandHandler<N extends CommandName> = DurableHandler<N> | ProcessHandler<N>

export type QueryHandler<N extends QueryName> = (
  input: ParsedInputOf<N>,
  call: Call,
) => Outcome<OutputOf<N>, RefusalOf<N>> | Promise<Outcome<OutputOf<N>, RefusalOf<N>>>

export type Handlers =
  & { [N in CommandName]: CommandHandler<N> }
  & { [N in QueryName]: QueryHandler<N> }

/** Ties the stored form's type of `run` and `present` together. */
export const durable = <N extends CommandName>() =>
  <S>(handler: {
    also?(input: ParsedInputOf<N>): readonly Permission[]
    run(work: Work, input: ParsedInputOf<N>, call: Call): Outcome<S, RefusalOf<N>>
    present(stored: S): OutputOf<N>
  }): CommandHandler<N> => ({ kind: 'durable', ...handler })

export const process = <N extends CommandName>() =>
  <S>(handler: {
    also?(input: ParsedInputOf<N>): readonly Permission[]
    process(
      input: ParsedInputOf<N>,
      call: Call,
    ): Outcome<S, RefusalOf<N>> | Promise<Outcome<S, RefusalOf<N>>>
    present(stored: S): OutputOf<N>
  }): CommandHandler<N> => ({ kind: 'process', ...handler })
