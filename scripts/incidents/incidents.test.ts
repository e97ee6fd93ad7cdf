import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'

import { problemOf } from './judge-incident.ts'
import { incidentsFolder, readIncidents } from './read-incidents.ts'
import type { Incident } from './read-incidents.ts'

const incidents = readIncidents()
const sections = ['What happened', 'What the shop does', 'How the naive version fails', 'Run it']

const alwaysJudged = system.alwaysJudged ?? []

const filesIn = (folder: string) => readdirSync(join(projectRoot, folder))
const parse = (file: string) =>
  parseScenario(readFileSync(join(projectRoot, file), 'utf8'), { file, system })

test('every scenario in the folder has a page, and every page has a scenario', () => {
  const scenarios = filesIn(incidentsFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''))
  expect(scenarios.toSorted()).toEqual(incidents.map(({ name }) => name))
})

test.each(incidents)('$name: the page has its sections and names a source', ({ text }) => {
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections)
  const [, happened = ''] = text.split('\n## ')
  expect(happened).toMatch(/\]\(https:\/\/\S+\)/)
})

/** The shop cannot keep a promise under these faults, and the documentation of faults says so. */
const isLimit = ({ text }: Incident): boolean =>
  text.includes('../faults.md#what-the-shop-cannot-promise')

test.each(incidents)('$name: the shop runs its scenario', (incident) => {
  const [own] = incident.runs
  const scenario = `${incidentsFolder}/${incident.name}.yaml`
  expect(own).toMatchObject({ scenario, outcome: isLimit(incident) ? 'violated' : 'held' })
  expect(own?.exercise).toBeUndefined()
  const kinds = parse(scenario).method.map(({ inject }) => inject?.kind)
  const limits = (system.limits ?? []).filter(({ fault }) => kinds.includes(fault))
  expect(limits.some(({ checks }) => checks.includes(own?.fails ?? ''))).toBe(isLimit(incident))
})

test.each(incidents.filter((incident) => !isLimit(incident)))(
  '$name: a naive version fails',
  ({ runs: [own, ...naive] }) => {
    expect(naive.length).toBeGreaterThan(0)
    for (const { scenario, exercise, outcome, fails } of naive) {
      expect(outcome).toBe('violated')
      const judged = [...parse(scenario).expect.map(({ check }) => check), ...alwaysJudged]
      expect(judged).toContain(fails)
      // Naive code, or the shop's code under another scenario.
      const differs =
        exercise === undefined ? scenario !== own?.scenario : filesIn(exercise).length > 0
      expect(differs).toBe(true)
    }
  },
)

test.each(incidents.flatMap(({ runs }) => runs.map(({ scenario }) => scenario)))(
  '%s is valid, and no safety net is off',
  (file) => {
    const { method, shop } = parse(file)
    expect(method).not.toEqual([])
    expect(shop.off).toEqual([])
  },
)

test('every naive version in the folder belongs to an incident', () => {
  const folder = `${incidentsFolder}/naive`
  const used = incidents.flatMap(({ runs }) =>
    runs.flatMap(({ scenario, exercise }) => [scenario, exercise ?? '']),
  )
  expect(filesIn(folder).filter((name) => !used.includes(`${folder}/${name}`))).toEqual([])
})

test('a verdict other than the promised one is a problem, and so is another violated check', () => {
  const checks = [
    { name: 'books-balance', outcome: 'violated' },
    { name: 'no-stuck-orders', outcome: 'held' },
    { name: 'availability', outcome: 'held' },
    { name: 'availability', outcome: 'violated' },
  ]
  const run = { outcome: 'violated', checks, headline: 'h', error: null, state: 'done' }
  const problem = (outcome: string, fails?: string) =>
    problemOf(fails === undefined ? { outcome } : { outcome, fails }, run as never)
  expect(problem('violated', 'books-balance')).toBeUndefined()
  expect(problem('violated', 'availability')).toBeUndefined()
  expect(problem('held')).toMatch(/violated instead of held/)
  expect(problem('violated', 'no-stuck-orders')).toMatch(/held instead of violated/)
  expect(problem('violated', 'latency')).toMatch(/not judged/)
})
