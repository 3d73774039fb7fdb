// Every permission an action can need. Roles are data (reference documents); this list is what
// they may contain. An approvable permission can be lent for one command by another person's PIN.

export const permissions = [
  'basket.edit', 'basket.hold', 'basket.void', 'line.discount', 'line.discount.large',
  'line.price-override', 'line.return-unlinked', 'department-item', 'department-item.over-cap',
  'tender.take', 'sale.reprint', 'sale.post-void', 'drawer.no-sale', 'shift.open', 'shift.close',
  'report.x', 'report.z', 'stock.look-up', 'work-item.link', 'device.manage', 'sync.view',
  'journal.import',
] as const
export type Permission = (typeof permissions)[number]

/** The rest needs a person who holds it to sign in. */
export const approvable: ReadonlySet<Permission> = new Set([
  'basket.void', 'line.discount', 'line.discount.large', 'line.price-override',
  'line.return-unlinked', 'department-item', 'department-item.over-cap', 'sale.reprint',
  'sale.post-void', 'drawer.no-sale', 'shift.open', 'shift.close', 'report.x', 'report.z',
  'work-item.link', 'device.manage',
])

/** What the demo store grants; real stores replicate their own from central. */
export const defaultRoles: Record<'cashier' | 'associate' | 'manager', readonly Permission[]> = {
  cashier: [
    'basket.edit', 'basket.hold', 'basket.void', 'line.discount', 'department-item', 'tender.take',
    'sale.reprint', 'shift.open', 'stock.look-up', 'sync.view', 'report.x',
  ],
  associate: ['basket.edit', 'basket.hold', 'stock.look-up', 'work-item.link', 'sync.view'],
  manager: [...permissions],
}
