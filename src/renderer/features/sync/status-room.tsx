// Status: the connection to central, what waits to be sent, how old each kind of data is, and the
// devices with a test print. Figures first, then what to do about them.
import { IconCircleCheck, IconPrinter, IconAlertTriangle, IconCircleOff } from '@tabler/icons-react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { Empty, SkeletonRows } from '#renderer/components/empty.tsx'
import { NoticeSlot } from '#renderer/components/notice.tsx'
import { Room } from '#renderer/components/room.tsx'
import { TouchButton } from '#renderer/components/touch-button.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import { faultCodes } from '#contract/faults.ts'
import type { DeviceView, SyncView } from '#contract/views.ts'
import classes from './status-room.module.css'

const StatusRoom = () => {
  const { actions } = useApp()
  const info = useStation((state) => state.info)
  const sync = useStation((state) => state.sync)
  const { t } = useWords()
  useKeys({ Escape: () => actions.dismiss() })
  return (
    <Room testId="room-status" title={t('status.title')} padded>
      <div className={classes.page}>
        <NoticeSlot />
        {sync === null ? <SkeletonRows rows={4} label={t('status.title')} /> : (
          <div className={classes.columns}>
            <div className={classes.column}>
              <Connection sync={sync} />
              <Devices />
            </div>
            <Collections sync={sync} />
          </div>
        )}
        {info === null ? null : (
          <p className={classes.version}>
            OneCounter {info.version} · {t('status.station')} {info.stationNumber}
            {` (${info.stationId})`}
            {info.demo ? ` · ${t('frame.demo')}` : ''}
          </p>
        )}
      </div>
    </Room>
  )
}
export default StatusRoom

const Connection = ({ sync }: { sync: SyncView }) => {
  const { t, formats, age, refusal } = useWords()
  const now = useNow(15_000)
  const good = sync.state === 'online' && !sync.stalled
  // Offline explains itself; other codes of the line to central mean that central refuses.
  const code = faultCodes.some((one) => one === sync.code) ? sync.code
    : sync.state === 'refused' ? 'central-refused' : null
  const fault = code === null ? null : refusal('sync', code, {})
  return (
    <section className={classes.card} aria-labelledby="status-network">
      <h2 id="status-network">{t('status.network')}</h2>
      <p
        className={classes.state} data-tone={good ? 'done' : 'look'} data-testid="sync-state"
        data-state={sync.state}
      >
        {good ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
        {t(`frame.lamps.state.${sync.state}`)}
      </p>
      <p>{t(`frame.lamps.explain.network.${sync.stalled ? 'stalled' : sync.state}`)}</p>
      {fault === null || good ? null : <p>{fault.what} {fault.why} {fault.next}</p>}
      <dl className={classes.facts}>
        <dt>{t('status.queue')}</dt>
        <dd data-testid="unsent">
          {sync.unsentEntries === 0 ? t('status.queueNone') : t('status.entries', {
            count: sync.unsentEntries, formatted: formats.count(sync.unsentEntries),
          })}
        </dd>
        {sync.quarantinedEntries === 0 ? null : (
          <>
            <dt>{t('status.quarantined')}</dt>
            <dd>
              {t('status.entries', {
                count: sync.quarantinedEntries, formatted: formats.count(sync.quarantinedEntries),
              })}
            </dd>
          </>
        )}
        <dt>{t('status.journal')}</dt>
        <dd>
          {t('status.journalValue', {
            acked: formats.count(sync.ackedSeq), head: formats.count(sync.headSeq),
          })}
        </dd>
        <dt>{t('status.lastContact')}</dt>
        <dd>{age(sync.lastContactAtMs, now)}</dd>
      </dl>
    </section>
  )
}

const Collections = ({ sync }: { sync: SyncView }) => {
  const { t, formats, age } = useWords()
  const now = useNow(15_000)
  const names: Record<string, string> = t('status.collections', { returnObjects: true })
  return (
    <section className={classes.card} aria-labelledby="status-data">
      <h2 id="status-data">{t('status.data')}</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('status.collection')}</th>
            <th scope="col">{t('status.documents')}</th>
            <th scope="col">{t('status.changed')}</th>
          </tr>
        </thead>
        <tbody>
          {sync.collections.map((collection) => (
            <tr key={collection.name} data-testid={`collection-${collection.name}`}>
              <th scope="row">{names[collection.name] ?? collection.name}</th>
              <td>{formats.count(collection.documents)}</td>
              <td>{age(collection.lastChangeAtMs, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const Devices = () => {
  const { actions, station } = useApp()
  const devices = useStation((state) => state.devices)
  const { t, formats } = useWords()
  const testPrint = () => {
    void actions.act('device.test-print', {}, { once: true }).then((printed) => {
      if (!printed.ok) return
      station.store.update((state) => ({ ...state, devices: printed.value }))
      actions.show({
        tone: 'done', call: 'device.test-print', code: 'info:test-queued', details: {},
      })
    })
  }
  useKeys({ p: testPrint })
  return (
    <section className={classes.card} aria-labelledby="status-devices">
      <h2 id="status-devices">{t('status.devices')}</h2>
      {devices === null || devices.devices.length === 0
        ? <Empty title={t('status.noDevices')} /> : (
          <ul className={classes.devices}>
            {devices.devices.map((device) => (
              <DeviceRow key={`${device.device} ${device.id}`} device={device} />
            ))}
          </ul>
        )}
      {(devices?.waitingPrints ?? 0) === 0 ? null : (
        <p className={classes.waiting}>
          {t('status.waitingPrints')}: <b>{formats.count(devices?.waitingPrints ?? 0)}</b>
        </p>
      )}
      <TouchButton icon={<IconPrinter />} hint="P" onClick={testPrint} data-testid="test-print">
        {t('status.testPrint')}
      </TouchButton>
    </section>
  )
}

const DeviceRow = ({ device }: { device: DeviceView }) => {
  const { t, formats } = useWords()
  const ready = device.status === 'ready'
  const off = device.status === 'not-configured'
  const opened = device.device === 'drawer' && device.status === 'attention'
  return (
    <li
      className={classes.device} data-testid={`device-${device.device}`} data-status={device.status}
      data-tone={ready ? 'done' : off ? 'none' : 'look'}
    >
      {ready ? <IconCircleCheck aria-hidden /> : off
        ? <IconCircleOff aria-hidden /> : <IconAlertTriangle aria-hidden />}
      <span>{t(`status.device.${device.device}`)}</span>
      <b>{opened ? t('frame.lamps.drawerOpen') : t(`frame.lamps.state.${device.status}`)}</b>
      {ready || off ? null : (
        <small>{t('frame.lamps.since', { time: formats.dateTime(device.sinceMs) })}</small>
      )}
    </li>
  )
}
