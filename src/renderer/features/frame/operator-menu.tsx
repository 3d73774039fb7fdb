// What belongs to the person and the screen: language, light or dark, type size, loudness, and the
// ways to leave the till.
import { Popover } from '@mantine/core'
import { IconArrowsExchange, IconKeyboard, IconLock, IconLogout } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useApp, useStation, useStore } from '#renderer/app-services.ts'
import { Choice } from '#renderer/components/choice.tsx'
import { CloseKey } from '#renderer/components/close-key.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import {
  changeLanguage, lock, signOut, switchOperator,
} from '#renderer/features/session/session-actions.ts'
import classes from './operator-menu.module.css'

export const ScreenSettings = () => {
  const { settings, sounds } = useApp()
  const app = useApp()
  const values = useStore(settings)
  const { t, language } = useWords()
  const change = (part: Partial<typeof values>) => settings.update((all) => ({ ...all, ...part }))
  return (
    <>
      <Choice
        label={t('frame.menu.language')} value={language} testId="language"
        options={[{ value: 'zh-CN', label: '中文' }, { value: 'en', label: 'English' }]}
        onChange={(next) => changeLanguage(app, next)}
      />
      <Choice
        label={t('frame.menu.appearance')} value={values.scheme} testId="scheme"
        options={[
          { value: 'light', label: t('frame.menu.light') },
          { value: 'dark', label: t('frame.menu.dark') },
          { value: 'system', label: t('frame.menu.system') },
        ]}
        onChange={(scheme) => change({ scheme })}
      />
      <Choice
        label={t('frame.menu.type')} value={values.largeType ? 'large' : 'normal'} testId="type"
        options={[
          { value: 'normal', label: t('frame.menu.typeNormal') },
          { value: 'large', label: t('frame.menu.typeLarge') },
        ]}
        onChange={(size) => change({ largeType: size === 'large' })}
      />
      <Choice
        label={t('frame.menu.volume')} value={String(nearestVolume(values.volume))} testId="volume"
        options={[
          { value: '0', label: t('frame.menu.volumeOff') },
          { value: '0.2', label: t('frame.menu.volumeLow') },
          { value: '0.5', label: t('frame.menu.volumeMiddle') },
          { value: '1', label: t('frame.menu.volumeHigh') },
        ]}
        onChange={(volume) => {
          change({ volume: Number(volume) })
          sounds.play('taken')
        }}
      />
    </>
  )
}

const volumes = [0, 0.2, 0.5, 1]
const nearestVolume = (volume: number): number =>
  volumes.reduce((best, one) => (Math.abs(one - volume) < Math.abs(best - volume) ? one : best))

export const OperatorMenu = ({ target }: { target: (toggle: () => void) => ReactElement }) => {
  const [open, setOpen] = useState(false)
  const app = useApp()
  const session = useStation((state) => state.session)
  const { t } = useWords()
  const then = (action: () => void) => () => {
    setOpen(false)
    action()
  }
  return (
    <Popover
      opened={open} onChange={setOpen} position="bottom-start" width="22rem" trapFocus returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>{target(() => setOpen(!open))}</Popover.Target>
      {open ? <CloseKey onClose={() => setOpen(false)} /> : null}
      <Popover.Dropdown className={classes.menu} data-testid="operator-menu-open">
        {session === null ? null : (
          <p className={classes.who}>
            {t('frame.menu.signedInAs', {
              name: session.name, role: t(`frame.roles.${session.roleId}`),
            })}
          </p>
        )}
        <ScreenSettings />
        <div className={classes.ways}>
          <TouchButton
            icon={<IconKeyboard />} hint="?" onClick={then(() => app.helpOpen.set(true))}
          >
            {t('frame.menu.shortcuts')}
          </TouchButton>
          <TouchButton
            icon={<IconLock />} hint="Alt L" data-testid="lock" onClick={then(() => lock(app))}
          >
            {t('frame.menu.lock')}
          </TouchButton>
          <TouchButton
            icon={<IconArrowsExchange />} data-testid="switch-operator"
            onClick={then(() => switchOperator(app))}
          >
            {t('frame.menu.switchOperator')}
          </TouchButton>
          <TouchButton
            icon={<IconLogout />} data-testid="sign-out" onClick={then(() => signOut(app))}
          >
            {t('frame.menu.signOut')}
          </TouchButton>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
