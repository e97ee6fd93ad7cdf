import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'
import { labs } from '#labs/index.ts'

import { brokenIn, probeCode } from './testing/probe-code.ts'

const folder = join(projectRoot, 'labs', 'testing', 'fixes')
const fixes = labs.flatMap(({ id, seams }) =>
  readdirSync(join(folder, id)).map((file) => ({
    name: `${id}/${file.replace(/\.ts$/, '')}`,
    code: readFileSync(join(folder, id, file), 'utf8'),
    seams: seams.map(({ seam }) => seam),
  })),
)
const isRight = ({ name }: { readonly name: string }): boolean => name.includes('/right-')

/** The probe that must find a wrong fix. Any other wrong fix may be found by any probe. */
const foundBy: Readonly<Record<string, string>> = {
  'overload/wrong-lease-on-a-place': 'at most `runningMax` orders run at once',
  'overload/wrong-estimate-never-recovers': 'after orders of 20 s, orders are admitted again',
  'overload/wrong-two-kinds-of-refusal':
    'every refusal is definite, with 503 and Retry-After, and no order of it has begun',
  'slow-dependency/wrong-last-known-methods':
    'a quote is complete only with the methods for its amount, whatever payments does',
  'slow-dependency/wrong-price-read-again':
    'the price changes while a quote waits: amount and methods still belong together',
  'slow-dependency/wrong-leak-on-missing-product': 'quotes that fail use up no connections',
  'health-check-cascade/wrong-longest-pause-ever':
    'alive again after the process did not run for a while',
}

test.each(fixes.filter(isRight))('$name is never violated', async ({ code, seams }) => {
  const reports = await probeCode(code, seams)
  expect(reports.length).toBeGreaterThan(0)
  expect(brokenIn(reports)).toEqual([])
})

/**
 * Turns of 200 ms are below the limit of the probe, 250 ms, unless several orders share a turn. A fast processor is done with
 * them before that.
 */
const missed = 'stalled-worker/wrong-slices-of-the-lock'
const wrong = fixes.filter((fix) => !isRight(fix) && fix.name !== missed)

test.each(wrong)('a probe finds $name', async ({ name, code, seams }) => {
  const broken = brokenIn(await probeCode(code, seams))
  expect(broken).toContain(foundBy[name] ?? broken[0])
})

test('every fix that this file names exists', () => {
  const names = fixes.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining([missed, ...Object.keys(foundBy)]))
})
