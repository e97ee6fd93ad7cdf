import { createWriteStream } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { json } from 'node:stream/consumers'

// A program: runs the contract probes of one seam file. Standard input has the task. Results are written to descriptor 3,
// one line each, with a secret word that the learner's code does not know.
const { seam, path, word } = (await json(process.stdin)) as {
  readonly seam: string
  readonly path: string
  readonly word: string
}
// Half of the time is compilation.
enableCompileCache()
const { probeSeamContract } = await import('./probe-seam-contract.ts')
const { contracts } = await import('./seams/index.ts')
const results = createWriteStream('', { fd: 3 })
const contract = await contracts[seam]?.()
const probes = contract?.probes.map(({ name, promise }) => ({ name, promise })) ?? []
const listed = probes.map((probe) => ({ seam, lab: contract?.lab, ...probe }))
results.write(`${word} ${JSON.stringify({ listed })}\n`)
if (contract !== undefined)
  await probeSeamContract(seam, path, contract, (result) => {
    results.write(`${word} ${JSON.stringify(result)}\n`)
  })
results.end(`${word} end\n`, () => process.exit(0))
