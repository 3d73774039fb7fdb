#!/usr/bin/env node
// The command-line launcher: plain JavaScript, so that it starts on any Node and re-executes
// itself under the project's Node 24.
import { join } from 'node:path'
import { projectDirectory } from '../scripts/node24.js'
import { runNode24 } from '../scripts/run-node24.js'

runNode24([join(projectDirectory, 'src', 'cli', 'main.ts'), ...process.argv.slice(2)])
