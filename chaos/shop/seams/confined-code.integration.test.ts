import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from '../probes/probe-contracts.ts'
import { probeSeam } from './probe-seam.ts'

/** A folder of code in the project: code imports `#services/...`. */
async function codeFolder(): Promise<string> {
  const parent = join(projectRoot, '.unhappy')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'confined-'))
  onTestFinished(async () => await rm(folder, { recursive: true }))
  return folder
}

test('a confined probe loads a file that writes, starts processes and reads other files, and none of it works', async () => {
  const folder = await codeFolder()
  const file = join(folder, 'read-product.ts')
  await writeFile(
    file,
    `import fs from 'node:fs'
     import { spawn } from 'node:child_process'
     const denied: string[] = []
     const attempts = [
       () => fs.writeFileSync(${JSON.stringify(join(folder, 'written'))}, ''),
       () => fs.rmSync(${JSON.stringify(file)}),
       () => fs.readFileSync('/etc/hostname'),
       () => fs.readFileSync(${JSON.stringify(join(projectRoot, '.oxlintrc.json'))}),
       () => spawn('true'),
     ]
     for (const attempt of attempts) try { attempt() } catch (error) { denied.push(error.code) }
     if (denied.join() !== 'ERR_ACCESS_DENIED,'.repeat(5).slice(0, -1)) throw new Error(denied.join())
     export const readProduct = () => undefined\n`,
  )
  expect(await probeSeam(file, 'readProduct', { confined: true })).toEqual({ ok: true })
  expect(await readdir(folder)).toEqual(['read-product.ts'])
  const open = await probeSeam(file, 'readProduct')
  expect(open).toMatchObject({ ok: false })
  expect(existsSync(file)).toBe(false)
})

test('confined contract probes have the results of the others', async () => {
  const folder = await codeFolder()
  const lab = join(projectRoot, 'labs/data-correctness/dual-write')
  const outcomes = async (version: string, confined: boolean): Promise<readonly string[]> => {
    await cp(join(lab, version), folder, { recursive: true, force: true })
    const reports = await probeContracts({
      folder,
      seams: ['place-order'],
      signal: new AbortController().signal,
      limitMs: 30_000,
      confined,
    })
    return reports.map(({ outcome }) => outcome)
  }
  const right = await outcomes('alternatives/outbox-and-nudge', true)
  expect(right.length).toBeGreaterThan(0)
  expect(new Set(right)).toEqual(new Set(['held']))
  expect(await outcomes('near-misses/enqueue-first', true)).not.toContain('undecided')
})
