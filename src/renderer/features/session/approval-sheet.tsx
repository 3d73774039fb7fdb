// Another person's number and PIN for one act. It slides over the right side; basket and total stay
// in view, and the same act is sent again with the approval.
import { useEffect, useState } from 'react'
import { useApp, useStore } from '#renderer/app-services.ts'
import { OnlyHere } from '#renderer/components/close-key.tsx'
import { NoticeBox } from '#renderer/components/notice.tsx'
import { Panel } from '#renderer/components/panel.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { actionNamesOf } from '#renderer/i18n/catalogues.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { PinPad } from './pin-pad.tsx'
import classes from './approval-sheet.module.css'

/** Refusals after which the same person tries again; after others somebody else must come. */
const aboutPin: ReadonlySet<string> = new Set(['wrong-pin', 'wait', 'busy'])

const nameOfAct = (names: Record<string, string>, call: string): string =>
  names[call] ?? (call.startsWith('tender.') ? names['tender'] : undefined) ??
  (call.startsWith('basket.') ? names['basket.edit'] : undefined) ?? names['other'] ?? ''

export const ApprovalSheet = () => {
  const { actions, room } = useApp()
  const request = useStore(actions.approval)
  const inRoom = useStore(room)
  const { t, language, refusal } = useWords()
  const [number, setNumber] = useState('')
  const [numberDone, setNumberDone] = useState(false)
  const [pin, setPin] = useState('')
  const [sentFor, setSentFor] = useState<unknown>(null)
  const wrongPerson = request !== null && request.code === 'approval-refused' &&
    !aboutPin.has(String(request.details['reason']))
  useEffect(() => {
    if (!wrongPerson) return
    setNumber('')
    setNumberDone(false)
  }, [wrongPerson, request])
  if (request === null) return null
  const busy = sentFor === request
  const cancel = () => request.answer(null)
  const approve = () => {
    if (busy || pin.length < 4) return
    setSentFor(request)
    setPin('')
    request.answer({ operatorNumber: number, pin })
  }
  const refused = request.code === 'approval-refused' && !busy
  const waitMs = request.details['waitMs']
  const reason = String(request.details['reason'] ?? '')
  const text = refused ? refusal('approval', `approval:${reason}`, request.details) : null
  return (
    <div className={classes.shade} data-room={inRoom} data-testid="approval-sheet">
      <OnlyHere />
      <div
        className={classes.sheet} role="dialog" aria-modal aria-label={t('session.approval.title')}
      >
        <Panel
          title={t('session.approval.title')} testId="approval" tone="look"
          lead={t('session.approval.lead', {
            action: nameOfAct(actionNamesOf[language], request.call),
          })}
        >
          {text === null ? null : <NoticeBox tone="stop" {...text} testId="approval-refused" />}
          <div className={classes.pad}>
            {numberDone ? (
              <PinPad
                level="over" value={pin} onChange={setPin} onSubmit={approve} busy={busy}
                onBack={() => setNumberDone(false)} submitLabel={t('session.approval.approve')}
                label={t('session.pin')}
                untilMs={refused && typeof waitMs === 'number' && waitMs > 0
                  ? request.askedAtMs + waitMs : null}
                onWaited={() => undefined} title={t('session.enterPin', { name: number })}
              />
            ) : (
              <PinPad
                level="over" value={number} onChange={setNumber} visible longest={20} shortest={1}
                onSubmit={() => setNumberDone(number !== '')} onBack={cancel}
                submitLabel={t('frame.pad.enter')} label={t('session.approval.number')}
                untilMs={null} title={t('session.approval.number')}
              />
            )}
          </div>
          <TouchButton onClick={cancel} data-testid="approval-cancel">
            {t('session.approval.cancel')}
          </TouchButton>
        </Panel>
      </div>
    </div>
  )
}
