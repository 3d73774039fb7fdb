// All features joined to one map: complete by its type, so that no entry of the contract is
// without a handler.
import { createBasketCommands } from './features/basket/commands.ts'
import { createBasketQueries } from './features/basket/queries.ts'
import { createCatalogueQueries } from './features/catalogue/queries.ts'
import { createDeviceHandlers } from './features/device/handlers.ts'
import { createSaleCommands, createSaleQueries } from './features/sale/commands.ts'
import { createSaleViews } from './features/sale/sale-views.ts'
import { createSessionCommands } from './features/session/commands.ts'
import type { OperatorCheck } from './features/session/operator-check.ts'
import { createSessionQueries } from './features/session/queries.ts'
import { createShiftHandlers } from './features/shift/commands.ts'
import { createSyncQueries } from './features/sync/queries.ts'
import { createTenderCommands } from './features/tender/commands.ts'
import type { Payments } from './features/tender/payments.ts'
import { createTraceHandlers } from './features/trace/traces.ts'
import { createWorkItemHandlers } from './features/work-item/handlers.ts'
import type { Handlers } from './handlers.ts'
import type { Till } from './till.ts'

export const createHandlers = (
  till: Till, payments: Payments, checkOperator: OperatorCheck,
): Handlers => {
  const sales = createSaleViews(till)
  const { reference, sessions, transact, replica, products } = till
  return {
    ...createSessionQueries(till),
    ...createSessionCommands({ reference, sessions, checkOperator, transact }),
    ...createBasketQueries(till),
    ...createBasketCommands(till),
    ...createTenderCommands(till, payments, sales),
    ...createSaleQueries(till, sales),
    ...createSaleCommands(till, sales, payments),
    ...createCatalogueQueries({ replica, products }),
    ...createWorkItemHandlers(till),
    ...createShiftHandlers(till, payments),
    ...createDeviceHandlers(till, payments),
    ...createSyncQueries(till),
    ...createTraceHandlers(till.traces),
  }
}
