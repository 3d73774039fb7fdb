// Settings, operators, roles, reasons and departments as last replicated. Read from the replica at
// first use and again after a change; never written here. A replica that is being fetched anew has
// nothing for a while: what was last known then stays in force, so that selling goes on.
import { permissions, type Permission } from '#contract/permissions.ts'
import type {
  DepartmentRecord, OperatorRecord, ReasonRecord, StoreSettings,
} from '#domain/catalogue.ts'
import type { Replica } from './station-ports.ts'

export type ReferenceData = {
  /** null until the first pull has brought the store's settings. */
  store(): StoreSettings | null
  operators(): readonly OperatorRecord[]
  /** By the number typed at sign-in; revoked operators are not found. */
  operatorByNumber(number: string): OperatorRecord | null
  activeOperator(operatorId: string): OperatorRecord | null
  /** Also of people who left: for names on old sales. */
  operatorName(operatorId: string): string
  permissionsOf(operator: OperatorRecord): readonly Permission[]
  reasons(): readonly ReasonRecord[]
  hasReason(reasonCode: string, use: ReasonRecord['use']): boolean
  departments(): readonly DepartmentRecord[]
  forget(): void
}

type Snapshot = {
  store: StoreSettings | null
  operators: OperatorRecord[]
  byNumber: Map<string, OperatorRecord>
  byId: Map<string, OperatorRecord>
  roles: Map<string, readonly Permission[]>
  reasons: ReasonRecord[]
  departments: DepartmentRecord[]
}

const known = new Set<string>(permissions)
const isPermission = (name: string): name is Permission => known.has(name)

const read = (replica: Replica, storeId: () => string | null): Snapshot => {
  const operators = replica.reference('operator').map((document) => document.body)
  const stores = replica.reference('store').map((document) => document.body)
  const own = storeId()
  return {
    store: stores.find((store) => own === null || store.storeId === own) ?? null,
    operators: operators.toSorted((a, b) => (a.number < b.number ? -1 : 1)),
    byNumber: new Map(operators.filter((o) => o.active).map((o) => [o.number, o])),
    byId: new Map(operators.map((o) => [o.operatorId, o])),
    roles: new Map(replica.reference('role').map(({ body }) =>
      [body.roleId, body.permissions.filter(isPermission)])),
    reasons: replica.reference('reason').map((document) => document.body),
    departments: replica.reference('department').map((document) => document.body),
  }
}

export const createReferenceData = (
  replica: Replica,
  storeId: () => string | null,
): ReferenceData => {
  let snapshot: Snapshot | null = null
  let lastKnown: Snapshot | null = null
  const current = (): Snapshot => {
    if (snapshot !== null) return snapshot
    const found = read(replica, storeId)
    snapshot = found.store === null && lastKnown !== null ? lastKnown : found
    lastKnown = snapshot
    return snapshot
  }
  return {
    store: () => current().store,
    operators: () => current().operators,
    operatorByNumber: (number) => current().byNumber.get(number) ?? null,
    activeOperator(operatorId) {
      const operator = current().byId.get(operatorId)
      return operator?.active ? operator : null
    },
    operatorName: (operatorId) => current().byId.get(operatorId)?.name ?? operatorId,
    permissionsOf: (operator) => current().roles.get(operator.roleId) ?? [],
    reasons: () => current().reasons,
    hasReason: (reasonCode, use) =>
      current().reasons.some((r) => r.reasonCode === reasonCode && r.use === use),
    departments: () => current().departments,
    forget: () => {
      snapshot = null
    },
  }
}
