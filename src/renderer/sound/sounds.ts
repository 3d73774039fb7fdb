// Three sounds an operator knows without looking: short high = taken, two low = asks you, long low
// = refused. Made by oscillators, no files; silent until the browser lets a page make sound.

export type Sound = 'taken' | 'asks' | 'refused'

type Tone = { atSeconds: number; seconds: number; hertz: number }
const tones: Record<Sound, Tone[]> = {
  taken: [{ atSeconds: 0, seconds: 0.06, hertz: 1760 }],
  asks: [
    { atSeconds: 0, seconds: 0.11, hertz: 392 }, { atSeconds: 0.17, seconds: 0.11, hertz: 392 },
  ],
  refused: [{ atSeconds: 0, seconds: 0.45, hertz: 196 }],
}
const rampSeconds = 0.008

export type Sounds = {
  play(sound: Sound): void
  /** Browsers keep pages silent until somebody touches them: called on the first key or tap. */
  wake(): void
}

export const createSounds = (
  createContext: () => AudioContext | null, volume: () => number,
): Sounds => {
  let context: AudioContext | null = null

  const play = (sound: Sound) => {
    const loudness = volume()
    if (context === null || context.state !== 'running' || loudness <= 0) return
    for (const tone of tones[sound]) {
      const oscillator = context.createOscillator()
      const gain = context.createGain()
      const from = context.currentTime + tone.atSeconds
      oscillator.type = sound === 'taken' ? 'sine' : 'triangle'
      oscillator.frequency.value = tone.hertz
      gain.gain.setValueAtTime(0, from)
      gain.gain.linearRampToValueAtTime(loudness * 0.6, from + rampSeconds)
      gain.gain.setValueAtTime(loudness * 0.6, from + tone.seconds - rampSeconds)
      gain.gain.linearRampToValueAtTime(0, from + tone.seconds)
      oscillator.connect(gain).connect(context.destination)
      oscillator.start(from)
      oscillator.stop(from + tone.seconds)
    }
  }

  return {
    play,
    wake: () => {
      context ??= createContext()
      if (context?.state === 'suspended') context.resume().catch(() => undefined)
    },
  }
}
