// Signing in and unlocking: who, then the PIN, by touch or keys. While the till waits after wrong
// PINs it counts down, and the pad comes back by itself.
import { IconLock, IconUser } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useApp, useStation, useStore } from '#renderer/app-services.ts'
import { Choice } from '#renderer/components/choice.tsx'
import { NoticeBox, NoticeSlot } from '#renderer/components/notice.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { OperatorTile } from '#renderer/state/station-store.ts'
import { PinPad } from './pin-pad.tsx'
import { changeLanguage } from './session-actions.ts'
import classes from './sign-in.module.css'

type Refused = { code: string; details: Record<string, unknown> }

/** Until when the station accepts no PIN; null when it does. */
const waitOf = (refused: Refused, nowMs: number): number | null => {
  const waitMs = refused.details['waitMs']
  return typeof waitMs === 'number' && waitMs > 0 ? nowMs + waitMs : null
}

const usePin = (send: (pin: string) => Promise<Refused | null>) => {
  const { nowMs, sounds } = useApp()
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [untilMs, setUntilMs] = useState<number | null>(null)
  const submit = () => {
    if (busy || pin.length < 4 || (untilMs !== null && untilMs > nowMs())) return
    setBusy(true)
    void send(pin).then((answer) => {
      setBusy(false)
      setPin('')
      setRefused(answer)
      if (answer === null) return
      sounds.play('refused')
      setUntilMs(waitOf(answer, nowMs()))
    })
  }
  return { pin, setPin, busy, refused, untilMs, setUntilMs, submit, reset: () => {
    setPin('')
    setRefused(null)
    setUntilMs(null)
  } }
}

const LanguageSwitch = () => {
  const app = useApp()
  const { t, language } = useWords()
  return (
    <div className={classes.language}>
      <Choice
        label={t('session.language')} hideLabel value={language} testId="sign-in-language"
        options={[{ value: 'zh-CN', label: '中文' }, { value: 'en', label: 'English' }]}
        onChange={(next) => changeLanguage(app, next)}
      />
    </div>
  )
}

const Tiles = ({ operators, onChoose, onNumber }: {
  operators: OperatorTile[]
  onChoose: (operator: OperatorTile) => void
  onNumber: (first: string) => void
}) => {
  const { t } = useWords()
  useKeys({}, {
    onText: (text) => {
      if (!/^\d$/.test(text)) return false
      onNumber(text)
      return true
    },
  })
  return (
    <>
      <h1 className={classes.title}>{t('session.whoAreYou')}</h1>
      <p className={classes.lead}>
        {operators.length === 0 ? t('session.noOperators') : t('session.chooseOperator')}
      </p>
      <ul className={classes.tiles}>
        {operators.map((operator) => (
          <li key={operator.operatorNumber}>
            <button
              type="button" className={classes.tile} onClick={() => onChoose(operator)}
              data-testid={`operator-${operator.operatorNumber}`}
            >
              <span className={classes.initial} aria-hidden>{[...operator.name][0]}</span>
              <span className={classes.tileName}>{operator.name}</span>
              <span className={classes.tileNumber}>{operator.operatorNumber}</span>
            </button>
          </li>
        ))}
      </ul>
      <TouchButton icon={<IconUser />} onClick={() => onNumber('')} data-testid="other-operator">
        {t('session.otherOperator')}
      </TouchButton>
    </>
  )
}

export const SignIn = () => {
  const app = useApp()
  const operators = useStation((state) => state.operators)
  const { t, refusal } = useWords()
  const [chosen, setChosen] = useState<OperatorTile | null>(null)
  const [number, setNumber] = useState<string | null>(null)
  const [numberDone, setNumberDone] = useState(false)
  const operatorNumber = chosen?.operatorNumber ?? number ?? ''
  const pin = usePin(async (given) => {
    const signed = await app.actions.act(
      'session.sign-in', { operatorNumber, pin: given }, { quiet: true, once: true },
    )
    if (!signed.ok) return { code: signed.code, details: signed.details }
    app.switching.set(false)
    app.actions.dismiss()
    await app.station.showSession(signed.value)
    return null
  })
  const leave = () => {
    setChosen(null)
    setNumber(null)
    setNumberDone(false)
    pin.reset()
  }
  const back = number !== null && numberDone ? () => {
    setNumberDone(false)
    pin.reset()
  } : leave
  const asksNumber = chosen === null && number !== null && !numberDone
  const asksPin = chosen !== null || numberDone
  const name = chosen?.name ?? operatorNumber
  const message = pin.refused === null ? null
    : refusal('session.sign-in', pin.refused.code, pin.refused.details)

  return (
    <main className={classes.page} data-testid="sign-in">
      <LanguageSwitch />
      <NoticeSlot />
      {asksNumber ? (
        <>
          <h1 className={classes.title}>{t('session.operatorNumber')}</h1>
          <PinPad
            value={number} onChange={setNumber} onSubmit={() => setNumberDone(number !== '')}
            onBack={leave} submitLabel={t('frame.pad.enter')} longest={20} shortest={1} visible
            label={t('session.operatorNumber')} untilMs={null}
          />
        </>
      ) : null}
      {asksPin ? (
        <>
          <h1 className={classes.title}>{t('session.enterPin', { name })}</h1>
          <PinPad
            value={pin.pin} onChange={pin.setPin} onSubmit={pin.submit} onBack={back}
            submitLabel={t('session.signIn')} busy={pin.busy} label={t('session.pin')}
            untilMs={pin.untilMs} onWaited={() => pin.setUntilMs(null)}
          />
        </>
      ) : null}
      {!asksNumber && !asksPin ? (
        <Tiles
          operators={operators} onChoose={setChosen} onNumber={(first) => setNumber(first)}
        />
      ) : null}
      {message === null ? null : (
        <div className={classes.message}><NoticeBox tone="stop" {...message} /></div>
      )}
    </main>
  )
}

export const LockScreen = () => {
  const app = useApp()
  const session = useStation((state) => state.session)
  const switching = useStore(app.switching)
  const { t, refusal } = useWords()
  const pin = usePin(async (given) => {
    const unlocked = await app.actions.act(
      'session.unlock', { pin: given }, { quiet: true, once: true },
    )
    if (!unlocked.ok) {
      if (unlocked.code === 'session-ended') await app.station.showSession(null)
      return { code: unlocked.code, details: unlocked.details }
    }
    app.actions.dismiss()
    await app.station.showSession(unlocked.value)
    // Chosen while the till was locked, by whoever has now unlocked it.
    const chosen = session?.language
    if (chosen !== undefined && chosen !== unlocked.value.language) changeLanguage(app, chosen)
    return null
  })
  useEffect(() => {
    if (session === null) app.switching.set(false)
  }, [session, app.switching])
  if (session === null) return null
  if (switching) {
    return (
      <div className={classes.over}>
        <SignIn />
        <TouchButton
          className={classes.cornerBack} icon={<IconLock />}
          onClick={() => app.switching.set(false)} data-testid="back-to-unlock"
        >
          {session.name} · {t('session.unlock')}
        </TouchButton>
      </div>
    )
  }
  const message = pin.refused === null ? null
    : refusal('session.unlock', pin.refused.code, pin.refused.details)
  return (
    <main className={classes.page} data-testid="lock-screen">
      <LanguageSwitch />
      <NoticeSlot />
      <h1 className={classes.title}><IconLock aria-hidden /> {t('session.locked')}</h1>
      <p className={classes.lead}>
        {t('session.lockedBy', { name: session.name })} · {t('session.lockedHelp')}
      </p>
      <PinPad
        value={pin.pin} onChange={pin.setPin} onSubmit={pin.submit} busy={pin.busy}
        submitLabel={t('session.unlock')} label={t('session.pin')} untilMs={pin.untilMs}
        onWaited={() => pin.setUntilMs(null)}
      />
      {message === null ? null : (
        <div className={classes.message}><NoticeBox tone="stop" {...message} /></div>
      )}
      <TouchButton
        tone="quiet" onClick={() => app.switching.set(true)} data-testid="somebody-else"
      >
        {t('session.notYou')}
      </TouchButton>
    </main>
  )
}
