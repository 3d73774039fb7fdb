// React's side of the key layers: a component's keys are heard while it is on screen.
import { useEffect, useRef } from 'react'
import { useApp } from '#renderer/app-services.ts'
import type { KeyHandler, KeyLevel } from './key-layers.ts'

export type KeyMap = Readonly<Record<string, KeyHandler | undefined>>

export const useKeys = (
  handlers: KeyMap,
  options: {
    level?: KeyLevel
    modal?: boolean
    onText?: (text: string) => boolean
    active?: boolean
  } = {},
): void => {
  const { keys } = useApp()
  const latest = useRef({ handlers, onText: options.onText })
  latest.current = { handlers, onText: options.onText }
  const modal = options.modal === true
  const active = options.active !== false
  const level = options.level ?? 'panel'
  useEffect(() => {
    if (!active) return undefined
    return keys.push({
      handlers: () => latest.current.handlers,
      level,
      modal,
      onText: (text) => latest.current.onText?.(text) === true,
    })
  }, [keys, level, modal, active])
}
