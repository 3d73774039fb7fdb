// Counting cash: by notes and coins, or as one amount. The sum is always in view; Enter walks from
// one denomination to the next.
import { useId, useState } from 'react'
import { useStation } from '#renderer/app-services.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { parseAmountMinor } from '#domain/money.ts'
import { Choice } from './choice.tsx'
import { countedMinor } from './counted-cash.ts'
import type { CashCount } from './counted-cash.ts'
import classes from './cash-count.module.css'

export const CashCountFields = ({ count, onChange }: {
  count: CashCount
  onChange: (count: CashCount) => void
}) => {
  const denominations = useStation((state) => state.info?.store.denominationsMinor) ?? []
  const { t, formats } = useWords()
  const sum = countedMinor(count, formats.minorDigits)
  useKeys({ Enter: focusNextPiece }, { level: 'over' })
  return (
    <div className={classes.count}>
      <Choice
        label={t('cash.sum')} hideLabel value={count.mode} testId="count-mode"
        options={[
          { value: 'pieces', label: t('cash.byPieces') },
          { value: 'amount', label: t('cash.byAmount') },
        ]}
        onChange={(mode) => onChange({ ...count, mode })}
      />
      {count.mode === 'pieces' ? (
        <ul className={classes.pieces}>
          {denominations.map((denomination) => (
            <PieceField
              key={denomination} denomination={denomination}
              value={count.pieces[denomination] ?? ''}
              onChange={(text) => onChange({
                ...count, pieces: { ...count.pieces, [denomination]: text },
              })}
            />
          ))}
        </ul>
      ) : (
        <AmountField value={count.amount} onChange={(amount) => onChange({ ...count, amount })} />
      )}
      <p className={classes.sum}>
        <span>{t('cash.sum')}</span>
        <b data-testid="count-sum">{sum === null ? '—' : formats.money(sum)}</b>
      </p>
    </div>
  )
}

/** Enter moves on as on a till: to the next field; from the last one it is the form's own. */
const focusNextPiece = (): boolean => {
  const field = document.activeElement
  const fields = [...field?.closest('ul')?.querySelectorAll('input') ?? []]
  const next = fields[fields.findIndex((one) => one === field) + 1]
  if (!(field instanceof HTMLInputElement) || next === undefined) return false
  next.focus()
  next.select()
  return true
}

const PieceField = ({ denomination, value, onChange }: {
  denomination: number
  value: string
  onChange: (text: string) => void
}) => {
  const id = useId()
  const { t, formats } = useWords()
  const label = formats.money(denomination)
  return (
    <li className={classes.piece}>
      <label htmlFor={id}>{label}</label>
      <span aria-hidden>×</span>
      <input
        id={id} type="text" inputMode="numeric" value={value} placeholder="0" maxLength={5}
        autoComplete="off" aria-label={t('cash.pieces', { value: label })}
        data-testid={`count-${denomination}`}
        onChange={(event) => onChange(event.currentTarget.value.replace(/\D/g, ''))}
      />
      <output>{formats.money(denomination * Number(value || 0))}</output>
    </li>
  )
}

const AmountField = ({ value, onChange }: { value: string; onChange: (text: string) => void }) => {
  const id = useId()
  const [touched, setTouched] = useState(false)
  const { t, formats } = useWords()
  return (
    <div className={classes.amount}>
      <label htmlFor={id}>{t('cash.amount')}</label>
      <input
        id={id} type="text" inputMode="decimal" value={value} placeholder={formats.money(0)}
        autoComplete="off" maxLength={14} autoFocus data-testid="count-amount"
        aria-invalid={touched && !parseAmountMinor(value, formats.minorDigits).ok}
        onBlur={() => setTouched(value !== '')}
        onChange={(event) => onChange(event.currentTarget.value.replace(/[^\d.]/g, ''))}
      />
    </div>
  )
}
