// Tells when what was just rendered has really been painted: the next animation frame is asked
// for, and a message posted from it arrives after the browser has produced the frame.

export const afterPaint = (
  requestFrame: (action: () => void) => unknown, createChannel: () => MessageChannel,
) => {
  let beforeFrame: (() => void)[] = []
  let inFrame: (() => void)[] = []
  const channel = createChannel()
  channel.port1.onmessage = () => {
    const painted = inFrame
    inFrame = []
    for (const action of painted) action()
  }
  return (action: () => void): void => {
    beforeFrame.push(action)
    if (beforeFrame.length > 1) return
    requestFrame(() => {
      inFrame = [...inFrame, ...beforeFrame]
      beforeFrame = []
      channel.port2.postMessage(null)
    })
  }
}
