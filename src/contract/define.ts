// How one entry of the contract is declared. Dispatcher, client and tests derive their types from
// these declarations, so an input, an output or a permission is written down once.
import type { z } from 'zod'
import type { Permission } from './permissions.ts'
import type { Connectivity, OfflineRule } from './offline-matrix.ts'

/** Carries an output type without a runtime value: the station is trusted to produce it. */
export type Output<T> = { readonly __output?: T }
export const output = <T>(): Output<T> => ({})

/** Expected refusals by code; `details` feed the texts shown to the operator. */
export type Refusal<Code extends string = string> = {
  ok: false
  code: Code
  details: Record<string, string | number | boolean | null>
}
export type Outcome<T, Code extends string = string> = { ok: true; value: T } | Refusal<Code>

export type Offline = Record<Connectivity, OfflineRule>

export type CommandDeclaration = {
  kind: 'command'
  input: z.ZodType
  output: Output<unknown>
  /** null: needs no signed-in operator (sign-in itself). 'session': any signed-in operator. */
  permission: Permission | 'session' | null
  refusals: readonly string[]
  offline: Offline
}
export type QueryDeclaration = Omit<CommandDeclaration, 'kind'> & { kind: 'query' }
export type EventDeclaration = { kind: 'event'; output: Output<unknown> }
export type Declaration = CommandDeclaration | QueryDeclaration | EventDeclaration

type Spec<I extends z.ZodType, O, C extends string> = {
  input: I
  output: Output<O>
  permission: Permission | 'session' | null
  refusals?: readonly C[]
  offline: Offline
}

/** Changes something; carries a client-made command id, so a repeat returns the first result. */
export const command = <I extends z.ZodType, O, C extends string = never>(spec: Spec<I, O, C>) => ({
  kind: 'command' as const,
  ...spec,
  refusals: spec.refusals ?? ([] as readonly C[]),
})

/** Changes nothing and may be repeated freely. */
export const query = <I extends z.ZodType, O, C extends string = never>(spec: Spec<I, O, C>) => ({
  kind: 'query' as const,
  ...spec,
  refusals: spec.refusals ?? ([] as readonly C[]),
})

export const event = <O>(): { kind: 'event'; output: Output<O> } => ({ kind: 'event', output: {} })
