// To do: barcodes that were sold without being known, to be linked with their article.
import { IconChecklist } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import { Empty } from '#renderer/components/empty.tsx'
import { NoticeSlot } from '#renderer/components/notice.tsx'
import { Panel } from '#renderer/components/panel.tsx'
import { Room } from '#renderer/components/room.tsx'
import { useNow } from '#renderer/components/use-now.ts'
import { Results } from '#renderer/features/catalogue/search-results.tsx'
import { SearchInput } from '#renderer/features/catalogue/search-field.tsx'
import { useWords } from '#renderer/i18n/use-words.ts'
import { useKeys } from '#renderer/keyboard/use-keys.ts'
import type { ProductView, WorkItemView } from '#contract/views.ts'
import classes from './todo-room.module.css'

const TodoRoom = () => {
  const { actions, client, station } = useApp()
  const items = useStation((state) => state.workItems)
  const { t } = useWords()
  const [chosenId, setChosenId] = useState<string | null>(null)
  useEffect(() => {
    client.query('work-item.list', {}).then((answer) => {
      if (answer.ok) station.showWorkItems(answer.value)
    }).catch(() => undefined)
  }, [client, station])
  useKeys({ Escape: () => actions.dismiss() })
  if (items !== null && items.length === 0) {
    return (
      <Room testId="room-todo" title={t('todo.title')}>
        <div className={classes.emptyPage}>
          <NoticeSlot />
          <Empty icon={<IconChecklist />} title={t('todo.empty')} help={t('todo.emptyHelp')} />
        </div>
      </Room>
    )
  }
  const chosen = items?.find((item) => item.workItemId === chosenId) ?? items?.[0] ?? null
  return (
    <Room testId="room-todo" title={t('todo.title')}>
      <div className={classes.split}>
        <ul className={classes.list}>
          {items?.map((item) => (
            <TaskRow
              key={item.workItemId} item={item} chosen={item === chosen}
              onChoose={() => setChosenId(item.workItemId)}
            />
          ))}
        </ul>
        <div className={classes.detail}>
          <NoticeSlot />
          {chosen === null ? null : <LinkTask key={chosen.workItemId} item={chosen} />}
        </div>
      </div>
    </Room>
  )
}
export default TodoRoom

const TaskRow = ({ item, chosen, onChoose }: {
  item: WorkItemView
  chosen: boolean
  onChoose: () => void
}) => {
  const { t, formats, age } = useWords()
  const now = useNow(60_000)
  return (
    <li>
      <button
        type="button" className={classes.row} aria-pressed={chosen} onClick={onChoose}
        data-testid="work-item" data-barcode={item.barcode}
      >
        <b>{item.barcode}</b>
        <span>{age(item.openedAtMs, now)}</span>
        <small>
          {t('todo.soldAs', {
            name: formats.name(item.name), price: formats.unitPrice(item.unitPriceMicro),
          })}
        </small>
        <small>{t('todo.sold', { count: item.timesSold })}</small>
      </button>
    </li>
  )
}

const LinkTask = ({ item }: { item: WorkItemView }) => {
  const { actions, station } = useApp()
  const { t, formats } = useWords()
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useKeys({
    F2: () => field.current?.focus(),
    ...(text === '' ? {} : { Escape: () => setText('') }),
  })
  const link = (product: ProductView) => {
    void actions.act('work-item.link', {
      workItemId: item.workItemId, productId: product.productId,
    }, { once: true }).then((linked) => {
      if (!linked.ok) return
      station.showWorkItems(linked.value)
      actions.show({
        tone: 'done', call: 'work-item.link', code: 'info:linked',
        details: { name: formats.name(product.name) },
      })
    })
  }
  return (
    <Panel
      title={t('todo.linkTitle', { barcode: item.barcode })} lead={t('todo.linkHelp')}
      testId="link-task"
    >
      <SearchInput
        inputRef={field} value={text} onChange={setText} testId="task-search" hint="F2"
      />
      {text.trim() === '' ? null : <Results search={text} onChoose={link} />}
    </Panel>
  )
}
