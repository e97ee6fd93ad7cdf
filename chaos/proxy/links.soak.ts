import { parseArgs } from 'node:util'

import { freshSeed } from '../lib/random.ts'
import { runChecksumSoak } from './soak/checksums.ts'
import { runConnectionSoak } from './soak/connections.ts'

/**
 * Long tests of the links: `node chaos/proxy/links.soak.ts [--megabytes 1000] [--minutes 10] [--connections 1000] [--seed N]`.
 * First every byte of so many megabytes each way by checksum; then so many connections for so long, with toxics changed
 * 100 times a second. Status 1 when something was wrong.
 */
const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    connections: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(freshSeed()) },
  },
})
const seed = Number(values.seed)
console.log(`Seed ${seed}.`)

const sums = await runChecksumSoak({ megabytes: Number(values.megabytes), connections: 8, seed })
console.log(`Checksums: ${JSON.stringify(sums)}`)

const soak = await runConnectionSoak({
  seconds: Number(values.minutes) * 60,
  connections: Number(values.connections),
  changesPerSecond: 100,
  seed,
})
console.log(`Connections: ${JSON.stringify(soak)}`)
const growth = soak.megabytesLate / soak.megabytesEarly
console.log(`Memory grew to ${growth.toFixed(2)} of what it was after a fifth of the time.`)

const wrong = [
  ...sums.wrong,
  ...(soak.unexplained > 0 ? [`${soak.unexplained} connections broke without a toxic`] : []),
  ...(soak.wrong > 0 ? [`${soak.wrong} messages came back wrong`] : []),
  ...(growth > 1.25 ? [`memory grew to ${growth.toFixed(2)}`] : []),
]
for (const line of wrong) console.error(line)
process.exitCode = wrong.length === 0 ? 0 : 1
