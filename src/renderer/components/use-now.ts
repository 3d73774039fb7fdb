// The time, read anew every `everyMs`: for clocks, ages and countdowns on screen.
import { useEffect, useState } from 'react'
import { useApp } from '#renderer/app-services.ts'

export const useNow = (everyMs: number): number => {
  const { nowMs } = useApp()
  const [now, setNow] = useState(nowMs)
  useEffect(() => {
    setNow(nowMs())
    const timer = setInterval(() => setNow(nowMs()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, nowMs])
  return now
}

/** True once `delayMs` have passed: skeletons appear only when something really takes time. */
export const useAfter = (delayMs: number): boolean => {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return passed
}
