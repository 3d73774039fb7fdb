// The flows of a day, in a real Chromium against real processes: central, device simulators and a
// till of its own for every test.
import { defineConfig } from '@playwright/test'
import { join } from 'node:path'
import { projectDirectory } from '../scripts/node24.js'
import { findChromium } from '../scripts/windows.js'

const report = process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ??
  join(projectDirectory, '.cache', 'e2e.json')

export default defineConfig({
  testDir: '.',
  outputDir: join(projectDirectory, 'test-results'),
  globalSetup: './prepare.ts',
  timeout: 60_000,
  expect: { timeout: 8_000 },
  fullyParallel: false,
  workers: 2,
  // A starved build machine may delay a window; what needed its second try is listed as flaky.
  retries: process.env['CI'] ? 1 : 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: report }]],
  use: {
    viewport: { width: 1024, height: 768 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--no-first-run',
      ],
    },
  },
})
