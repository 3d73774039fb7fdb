// The component library's part of the look. Colours and measures are ours, in tokens.css; the
// library's own run-time styles are switched off, so that the page needs no inline style element.
import { createTheme } from '@mantine/core'

export const theme = createTheme({
  fontFamily: 'var(--font)',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
})
