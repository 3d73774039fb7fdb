// What the one primary button says and does: take payment, take this cash, give money back, finish,
// next customer. Enter does the same.
import { useCallback } from 'react'
import { useApp, useSell, useStation } from '#renderer/app-services.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { parseAmountMinor } from '#domain/money.ts'
import { useTenderActions } from './tender-actions.ts'

export type PrimaryAction = {
  means: 'pay' | 'cash' | 'give-back' | 'finish' | 'next' | 'none'
  label: string
  act: (() => void) | null
  /** False while a panel at the right has an Enter of its own. */
  enter: boolean
}

/** A second tap within this time meant the button that was here before. */
export const secondTapMs = 300

export const usePrimaryAction = (): PrimaryAction => {
  const { sellActions } = useApp()
  const basket = useStation((state) => state.basket)
  const shiftOpen = useStation((state) => state.shift != null)
  const panel = useSell((state) => state.panel.kind)
  const entry = useSell((state) => state.entry)
  const { t, formats } = useWords()
  const tender = useTenderActions()
  const openTender = useCallback(() => sellActions.open({ kind: 'tender' }), [sellActions])
  const next = useCallback(() => sellActions.open({ kind: 'keys' }), [sellActions])

  const lineCount = basket?.lines.length ?? 0
  const asked = (basket?.prompts.length ?? 0) > 0
  const enter = panel === 'tender' || panel === 'done' ||
    ((panel === 'keys' || panel === 'line') && !asked)
  if (panel === 'done') return { means: 'next', label: t('sale.next'), act: next, enter }
  if (basket === null || lineCount === 0) {
    return { means: 'none', label: t('sell.pay'), act: null, enter }
  }
  const { dueMinor, totals, tenders, payment } = basket
  const blocked = payment !== null || !shiftOpen
  if (dueMinor === 0 && tenders.length === 0 && totals.totalMinor === 0) {
    return {
      means: 'finish', label: t('sell.finishZero'), enter,
      act: blocked ? null : tender.completeZero,
    }
  }
  if (dueMinor < 0) {
    const label = t('tender.giveCash', { amount: formats.money(-dueMinor) })
    return panel === 'tender'
      ? { means: 'give-back', label, act: blocked ? null : tender.refundCash, enter }
      : { means: 'pay', label: t('sell.giveBack'), act: blocked ? null : openTender, enter }
  }
  if (panel !== 'tender') {
    return { means: 'pay', label: t('sell.pay'), act: shiftOpen ? openTender : null, enter }
  }
  const typed = entry === '' ? null : parseAmountMinor(entry, formats.minorDigits)
  const amountMinor = typed === null ? dueMinor : typed.ok && typed.value > 0 ? typed.value : null
  return {
    means: 'cash',
    label: t('tender.takeCash', { amount: formats.money(amountMinor ?? dueMinor) }),
    act: blocked || amountMinor === null ? null : () => tender.takeCash(amountMinor),
    enter,
  }
}
