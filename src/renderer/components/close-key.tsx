// While something lies over the room, Esc closes it and no other key reaches the room below.
import { useKeys } from '#renderer/keyboard/use-keys.ts'

export const CloseKey = ({ onClose }: { onClose: () => void }) => {
  useKeys({ Escape: onClose }, { modal: true })
  return null
}
