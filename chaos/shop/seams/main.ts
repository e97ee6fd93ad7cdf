import { parseArgs } from 'node:util'

import { probeSeam } from './probe-seam.ts'

// A program for a container without the controller: loads a seam file, and prints the result as one line of JSON. Arguments:
// the file, then the name of its export.
const [path = '', exportName = ''] = parseArgs({ allowPositionals: true }).positionals
const probe = await probeSeam(path, exportName)
process.stdout.write(`${JSON.stringify({ probe })}\n`)
