// Before there is anything to sell with: connecting, no key in the address, first pull, station
// lost.
import { Progress } from '@mantine/core'
import { IconKeyOff, IconPlugConnectedX } from '@tabler/icons-react'
import { useStation } from '#renderer/app-services.ts'
import { Empty } from '#renderer/components/empty.tsx'
import { NoticeBox } from '#renderer/components/notice.tsx'
import { useAfter } from '#renderer/components/use-now.ts'
import { useWords } from '#renderer/i18n/use-words.ts'
import type { LineState } from '#renderer/station-client/station-client.ts'
import classes from './boot-screens.module.css'

/** A line that takes longer than this is said to be lost, even when it never was open. */
const patienceMs = 4000

export const BootScreen = ({ hasToken, line }: { hasToken: boolean; line: LineState }) => {
  const { t } = useWords()
  const late = useAfter(150)
  const tooLate = useAfter(patienceMs)
  if (!hasToken) {
    return (
      <main className={classes.page} data-testid="boot-no-token">
        <Empty
          icon={<IconKeyOff />} title={t('frame.boot.noToken')} help={t('frame.boot.noTokenHelp')}
        />
      </main>
    )
  }
  if (line === 'lost' && tooLate) {
    return (
      <main className={classes.page} data-testid="boot-lost">
        <Empty
          icon={<IconPlugConnectedX />} title={t('frame.boot.lost')}
          help={t('frame.boot.lostHelp')}
        />
      </main>
    )
  }
  return (
    <main className={classes.page} data-testid="boot-connecting" aria-busy>
      {late ? (
        <Empty title={t('frame.boot.connecting')} help={t('frame.boot.connectingHelp')}>
          <Progress
            className={classes.progress} value={100} color="var(--accent)" animated aria-hidden
          />
        </Empty>
      ) : null}
    </main>
  )
}

export const FirstPullScreen = () => {
  const documents = useStation((state) => state.info?.firstPull.documents ?? 0)
  const { t, formats } = useWords()
  return (
    <main className={classes.below} data-testid="first-pull" aria-busy>
      <Empty title={t('frame.boot.firstPull')} help={t('frame.boot.firstPullHelp')}>
        <Progress
          className={classes.progress} value={100} color="var(--accent)" animated aria-hidden
        />
        <p className={classes.count} role="status">
          {t('frame.boot.firstPullCount', {
            count: documents, formatted: formats.count(documents),
          })}
        </p>
      </Empty>
    </main>
  )
}

export const LostBanner = () => {
  const { t } = useWords()
  const late = useAfter(300)
  if (!late) return null
  return (
    <div className={classes.lost} data-testid="station-lost">
      <NoticeBox tone="stop" what={t('frame.boot.lost')} next={t('frame.boot.lostHelp')} />
    </div>
  )
}
