// Counting cash: by notes and coins, or as one amount. The sum is always in view; Enter walks from
// one denomination to the next.
import { useId, useState } from 'react'
import { useStation } from '#renderer/app-services.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { parseAmountMinor } from '#domain/money.ts'
import { Choice } from './choice.tsx'
import classes from './cash-count.module.css'

export type CashCount = {
  mode: 'pieces' | 'amount'
  /** Pieces typed, by denomination. */
  pieces: Record<number, string>
  amount: string
}
export const emptyCount: CashCount = { mode: 'pieces', pieces: {}, amount: '' }

const mostPieces = 99_999

/** The counted sum in minor units; null while what is typed is no number. */
export const countedMinor = (count: CashCount, minorDigits: number): number | null => {
  if (count.mode === 'amount') {
    if (count.amount.trim() === '') return null
    const parsed = parseAmountMinor(count.amount, minorDigits)
    return parsed.ok && parsed.value >= 0 ? parsed.value : null
  }
  let sum = 0
  for (const [denomination, pieces] of Object.entries(count.pieces)) {
    const number = pieces === '' ? 0 : Number(pieces)
    if (!Number.isInteger(number) || number < 0 || number > mostPieces) return null
    sum += Number(denomination) * number
  }
  return sum
}

export const CashCountFields = ({ count, onChange }: {
  count: CashCount
  onChange: (count: CashCount) => void
}) => {
  const denominations = useStation((state) => state.info?.store.denominationsMinor) ?? []
  const { t, formats } = useWords()
  const sum = countedMinor(count, formats.minorDigits)
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

/** Enter moves on like a till's: to the next field, and from the last one to the form's own Enter. */
const focusNext = (field: HTMLInputElement): boolean => {
  const fields = [...field.closest('ul')?.querySelectorAll('input') ?? []]
  const next = fields[fields.indexOf(field) + 1]
  next?.focus()
  next?.select()
  return next !== undefined
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
        onKeyDown={(event) => {
          if (event.key === 'Enter' && focusNext(event.currentTarget)) event.stopPropagation()
        }}
      />
      <output>{formats.money(denomination * Number(value || 0))}</output>
    </li>
  )
}

const AmountField = ({ value, onChange }: { value: string; onChange: (text: string) => void }) => {
  const [id] = [useId()]
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
