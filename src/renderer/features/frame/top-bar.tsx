// The top bar: store · till · operator · clock, and at its right the five lamps that matter.
import { Popover } from '@mantine/core'
import {
  IconAlertTriangle, IconBarcode, IconCashRegister, IconCircleCheck, IconCircleOff, IconCircleX,
  IconHelp, IconPrinter, IconRadar, IconUserCircle, IconWifi, IconWifiOff,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { ComponentType } from 'react'
import { useApp, useSlice, useStation } from '#renderer/app-services.ts'
import { CloseKey } from '#renderer/components/close-key.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import type { DeviceView, SyncView } from '#contract/views.ts'
import { OperatorMenu } from './operator-menu.tsx'
import classes from './top-bar.module.css'

type Tone = 'good' | 'look' | 'stop' | 'none'
type DeviceLamp = 'printer' | 'scanner' | 'rfid' | 'drawer'
type Icon = ComponentType<{ className?: string | undefined; 'aria-hidden'?: boolean }>

const deviceIcons: Record<DeviceLamp, Icon> = {
  printer: IconPrinter, scanner: IconBarcode, rfid: IconRadar, drawer: IconCashRegister,
}
const markIcons: Record<Tone, Icon> = {
  good: IconCircleCheck, look: IconAlertTriangle, stop: IconCircleX, none: IconCircleOff,
}
const toneOfDevice: Record<DeviceView['status'], Tone> = {
  ready: 'good', attention: 'look', away: 'stop', 'not-configured': 'none', unknown: 'look',
}
const toneOfSync: Record<SyncView['state'], Tone> = {
  online: 'good', connecting: 'look', offline: 'look', stopped: 'stop', refused: 'stop',
}

const Lamp = ({ name, Icon, tone, word, extra, count, state, testId, children }: {
  name: string
  Icon: Icon
  tone: Tone
  word: string
  /** Left out where there is little room; the mark on the icon says it as well. */
  extra?: string | undefined
  /** Stands in for `extra` where there is little room. */
  count?: string | undefined
  state: string
  testId: string
  children: (close: () => void) => React.ReactNode
}) => {
  const [open, setOpen] = useState(false)
  const Mark = markIcons[tone]
  return (
    <Popover
      opened={open} onChange={setOpen} position="bottom-end" width="20rem" trapFocus
      transitionProps={{ duration: 0 }} returnFocus withRoles
    >
      <Popover.Target>
        <button
          type="button" className={classes.lamp} data-tone={tone} data-testid={testId}
          data-state={state}
          aria-label={[`${name}: ${word}`, extra].filter(Boolean).join(', ')}
          onClick={() => setOpen(!open)}
        >
          <span className={classes.lampIcon}>
            <Icon aria-hidden />
            <Mark className={classes.mark} aria-hidden />
          </span>
          <span className={classes.lampWord}>
            {word}
            {count === undefined ? null : <span className={classes.lampCount}> {count}</span>}
            {extra === undefined ? null : <span className={classes.lampExtra}> · {extra}</span>}
          </span>
        </button>
      </Popover.Target>
      {open ? <CloseKey onClose={() => setOpen(false)} /> : null}
      <Popover.Dropdown className={classes.explain} data-testid={`${testId}-explained`}>
        <p className={classes.explainTitle}>{name}</p>
        {children(() => setOpen(false))}
      </Popover.Dropdown>
    </Popover>
  )
}

/** The worst of several devices of one kind speaks for all of them. */
const worst = (devices: DeviceView[]): DeviceView | null => {
  const order: DeviceView['status'][] = ['away', 'attention', 'unknown', 'ready', 'not-configured']
  return [...devices].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))[0] ?? null
}

const DeviceLampView = ({ lamp }: { lamp: DeviceLamp }) => {
  const devices = useStation((state) => state.devices)
  const { t, formats } = useWords()
  const device = worst(devices?.devices.filter((one) => one.device === lamp) ?? [])
  const status = device?.status ?? (devices === null ? 'unknown' : 'not-configured')
  const name = t(`frame.lamps.${lamp}`)
  const opened = lamp === 'drawer' && status === 'attention'
  const stateWord = opened ? t('frame.lamps.drawerOpen') : t(`frame.lamps.state.${status}`)
  return (
    <Lamp
      name={name} Icon={deviceIcons[lamp]} tone={toneOfDevice[status]} state={status}
      word={name} extra={status === 'ready' ? undefined : stateWord}
      testId={`lamp-${lamp}`}
    >
      {(close) => (
        <>
          <p>{t(`frame.lamps.explain.${lamp}.${status}`)}</p>
          {lamp === 'printer' && (devices?.waitingPrints ?? 0) > 0 ? (
            <p>{t('status.waitingPrints')}: {formats.count(devices?.waitingPrints ?? 0)}</p>
          ) : null}
          {device !== null && status !== 'ready' && status !== 'not-configured' ? (
            <p className={classes.since}>
              {t('frame.lamps.since', { time: formats.dateTime(device.sinceMs) })}
            </p>
          ) : null}
          <LampButtons close={close} />
        </>
      )}
    </Lamp>
  )
}

const NetworkLamp = () => {
  const sync = useStation((state) => state.sync)
  const { t, age, formats } = useWords()
  const now = useNow(30_000)
  const state = sync?.state ?? 'connecting'
  const waiting = sync?.unsentEntries ?? 0
  const stalled = sync?.stalled === true
  return (
    <Lamp
      name={t('frame.lamps.network')} Icon={state === 'online' ? IconWifi : IconWifiOff}
      tone={stalled ? 'stop' : toneOfSync[state]} word={t(`frame.lamps.state.${state}`)}
      count={waiting > 0 ? formats.count(waiting) : undefined}
      extra={waiting > 0 ? t('frame.lamps.waiting', { count: waiting }) : undefined}
      state={state} testId="lamp-network"
    >
      {(close) => (
        <>
          <p>{t(`frame.lamps.explain.network.${stalled ? 'stalled' : state}`)}</p>
          <p className={classes.since}>
            {t('status.lastContact')}: {age(sync?.lastContactAtMs ?? null, now)}
          </p>
          <LampButtons close={close} />
        </>
      )}
    </Lamp>
  )
}

const LampButtons = ({ close }: { close: () => void }) => {
  const { room, station } = useApp()
  const { t } = useWords()
  const signedIn = useSlice(station.store, (state) => state.session?.locked === false)
  return (
    <div className={classes.explainButtons}>
      {signedIn ? (
        <TouchButton
          onClick={() => {
            room.set('status')
            close()
          }}
        >
          {t('frame.lamps.openStatus')}
        </TouchButton>
      ) : null}
      <TouchButton onClick={close}>{t('frame.lamps.close')}</TouchButton>
    </div>
  )
}

const Clock = () => {
  const now = useNow(5000)
  const { formats } = useWords()
  return <time className={classes.clock}>{formats.time(now)}</time>
}

export const TopBar = () => {
  const info = useStation((state) => state.info)
  const session = useStation((state) => state.session)
  const { t, formats } = useWords()
  const { helpOpen } = useApp()
  return (
    <header className={classes.bar} data-testid="top-bar">
      <p className={classes.place}>
        <span className={classes.store}>
          {info === null ? t('frame.product') : formats.name(info.store.name)}
        </span>
        {info === null ? null : (
          <span className={classes.till}>{t('frame.till', { number: info.stationNumber })}</span>
        )}
      </p>
      {session === null || session.locked ? null : (
        <OperatorMenu
          target={(toggle) => (
            <button
              type="button" className={classes.operator} onClick={toggle}
              aria-label={`${t('frame.menu.open')}: ${session.name}`} data-testid="operator-menu"
            >
              <IconUserCircle aria-hidden />
              <span>{session.name}</span>
            </button>
          )}
        />
      )}
      <Clock />
      <div className={classes.lamps} role="group" aria-label={t('frame.lamps.label')}>
        <NetworkLamp />
        <DeviceLampView lamp="printer" />
        <DeviceLampView lamp="scanner" />
        <DeviceLampView lamp="rfid" />
        <DeviceLampView lamp="drawer" />
      </div>
      <button
        type="button" className={`key-hint ${classes.help ?? ''}`} aria-label={t('keys.title')}
        onClick={() => helpOpen.set(true)} data-testid="help"
      >
        <IconHelp aria-hidden />
      </button>
    </header>
  )
}
