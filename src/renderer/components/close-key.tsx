// While something lies over the room, Esc closes it and no other key reaches the room below.
import { useKeys } from '#renderer/keyboard/use-keys.ts'

export const CloseKey = ({ onClose }: { onClose: () => void }) => {
  useKeys({ Escape: onClose }, { level: 'over', modal: true })
  return null
}

/** A sheet that takes all keys; to be rendered before what it contains. */
export const OnlyHere = () => {
  useKeys({}, { level: 'over', modal: true })
  return null
}
