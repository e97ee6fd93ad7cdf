import { parseArgs } from 'node:util'

import { probeContracts } from './probe-contracts.ts'

// A program for a container without the controller: runs the contract probes of a folder, and prints the reports as one
// line of JSON. Arguments: the folder, then the seams.
const [folder = '', ...seams] = parseArgs({ allowPositionals: true }).positionals
const reports = await probeContracts({ folder, seams, signal: new AbortController().signal })
process.stdout.write(`${JSON.stringify({ reports })}\n`)
