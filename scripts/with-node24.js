// `node scripts/with-node24.js <script> [args]`: for package.json's scripts.
import { runNode24 } from './run-node24.js'

runNode24(process.argv.slice(2))
