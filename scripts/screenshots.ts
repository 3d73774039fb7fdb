// `npm run screenshots [-- zh-CN|en] [-- --only sell-basket,tender]`: pictures of every screen and
// state of the running app, in both languages and sizes, into .cache/screenshots. The few that the
// README shows are also written to docs/screenshots.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Page, chromium } from '@playwright/test'
import prepare from '../e2e/prepare.ts'
import { openStore } from '../e2e/store.ts'
import { createTill } from '../e2e/till.ts'
import { type Language, tour } from '../e2e/tour.ts'
import { projectDirectory } from './node24.js'
import { smallPng } from './small-png.ts'
import { findChromium } from './windows.js'

const sizes = [{ width: 1024, height: 768 }, { width: 1920, height: 1080 }]
const all = join(projectDirectory, '.cache', 'screenshots')
const shown = join(projectDirectory, 'docs', 'screenshots')
/** What the README shows: the state in the tour, and the file's name. */
const ofReadme: Record<string, string> = {
  'zh-CN sell-basket': 'sell-zh-CN', 'en tender-change': 'tender-en',
  'zh-CN offline-sell': 'offline-zh-CN', 'en sales': 'sales-en',
  'zh-CN report-z': 'z-report-zh-CN', 'en prompt-unknown': 'unknown-barcode-en',
}

async function takePictures(language: Language, only: ReadonlySet<string> | null): Promise<number> {
  const store = await openStore()
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  })
  let taken = 0
  try {
    const context = await browser.newContext({
      viewport: sizes[0] ?? null, reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    await tour(createTill(page, store), language, async (name) => {
      if (only !== null && !only.has(name)) return
      for (const size of sizes) taken += await picture(page, language, name, size)
      await page.setViewportSize(sizes[0] ?? { width: 1024, height: 768 })
    })
  } finally {
    await browser.close()
    await store.close()
  }
  return taken
}

async function picture(
  page: Page, language: Language, name: string, size: { width: number; height: number },
): Promise<number> {
  await page.setViewportSize(size)
  // The new size has been painted; the other size may have moved the newest line out of view.
  await page.evaluate(() => new Promise((resolve) => {
    document.querySelector('[data-testid=basket] ol')?.scrollTo(0, 1e6)
    requestAnimationFrame(() => setTimeout(resolve, 120))
  }))
  const image = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const directory = join(all, `${language}-${size.width}`)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, `${name}.png`), image)
  const file = ofReadme[`${language} ${name}`]
  if (file !== undefined && size.width === 1024) {
    writeFileSync(join(shown, `${file}.png`), smallPng(image))
  }
  return 1
}

const { values, positionals } = parseArgs({
  allowPositionals: true, options: { only: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) {
  console.log('npm run screenshots [-- zh-CN|en] [--only name,name]')
  console.log('\nPictures of every screen and state into .cache/screenshots.')
} else {
  mkdirSync(shown, { recursive: true })
  const tidy = await prepare()
  const wanted = (['zh-CN', 'en'] as const).filter((language) =>
    positionals.length === 0 || positionals.includes(language))
  const only = values.only === undefined ? null : new Set(values.only.split(','))
  try {
    for (const language of wanted) {
      const count = await takePictures(language, only)
      console.log(`${language}: ${count} pictures in ${all}`)
    }
  } finally {
    tidy()
  }
}
