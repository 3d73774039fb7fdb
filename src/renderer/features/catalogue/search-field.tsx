// The search field of the Sell room: typed characters show at once; arrows and Enter belong to the
// results below it, a scan never stays in it.
import { IconSearch, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Ref } from 'react'
import { useApp, useSell } from '#renderer/app-services.ts'
import { instantField } from '#renderer/keyboard/keyboard-input.ts'
import classes from './search.module.css'

export const SearchField = ({ ref }: { ref: Ref<HTMLInputElement> }) => {
  const { sell } = useApp()
  const search = useSell((state) => state.search)
  return (
    <SearchInput
      inputRef={ref} value={search} hint="F2" testId="search"
      onChange={(text) => sell.update((state) => ({ ...state, search: text }))}
    />
  )
}

export const SearchInput = ({ inputRef, value, onChange, hint, testId, autoFocus = false }: {
  inputRef?: Ref<HTMLInputElement> | undefined
  value: string
  onChange: (text: string) => void
  hint?: string
  testId: string
  autoFocus?: boolean
}) => {
  const { t } = useTranslation()
  return (
    <div className={classes.field}>
      <IconSearch className={classes.fieldIcon} aria-hidden />
      <input
        ref={inputRef} className={classes.input} type="text" value={value} maxLength={100}
        placeholder={t('sell.search.placeholder')} aria-label={t('sell.search.label')}
        autoComplete="off" autoCorrect="off" spellCheck={false} enterKeyHint="go"
        role="combobox" aria-expanded={value !== ''} aria-controls="search-results"
        aria-autocomplete="list" data-testid={testId} autoFocus={autoFocus}
        {...{ [instantField]: '' }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {value === '' ? (
        hint === undefined ? null : <kbd className={`key-hint ${classes.hint ?? ''}`}>{hint}</kbd>
      ) : (
        <button
          type="button" className={classes.clear} aria-label={t('sell.search.clear')}
          onClick={() => onChange('')} data-testid={`${testId}-clear`}
        >
          <IconX aria-hidden />
        </button>
      )}
    </div>
  )
}
