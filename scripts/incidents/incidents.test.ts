import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'

import { problemOf } from './judge-incident.ts'
import { incidentsFolder, readIncidents } from './read-incidents.ts'

const incidents = readIncidents()
const sections = ['What happened', 'What the shop does', 'How the naive version fails', 'Run it']

const parse = (file: string) =>
  parseScenario(readFileSync(join(projectRoot, file), 'utf8'), { file, system })

test('every scenario in the folder has a page, and every page has a scenario', () => {
  const scenarios = readdirSync(join(projectRoot, incidentsFolder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''))
  expect(scenarios.toSorted()).toEqual(incidents.map(({ name }) => name))
})

test.each(incidents)('$name: the page has its sections and names a source', ({ text }) => {
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections)
  const [, happened = ''] = text.split('\n## ')
  expect(happened).toMatch(/\]\(https:\/\/\S+\)/)
})

test.each(incidents)('$name: the shop runs its scenario, and a naive version fails', (incident) => {
  const [own, ...naive] = incident.runs
  expect(own).toEqual({ scenario: `${incidentsFolder}/${incident.name}.yaml`, outcome: 'held' })
  expect(naive.length).toBeGreaterThan(0)
  for (const { scenario, exercise, outcome, fails } of naive) {
    expect(outcome).toBe('violated')
    const judged = [...parse(scenario).expect.map(({ check }) => check), ...alwaysJudged]
    expect(judged).toContain(fails)
    // Naive code, or the same code under another scenario.
    expect(exercise === undefined ? [scenario] : filesIn(exercise)).not.toEqual([])
  }
})

const filesIn = (folder: string) => readdirSync(join(projectRoot, folder))
const alwaysJudged = system.alwaysJudged ?? []

test.each(incidents.flatMap(({ runs }) => runs.map(({ scenario }) => scenario)))(
  '%s is valid, and no safety net is off',
  (file) => {
    const { method, shop } = parse(file)
    expect(method).not.toEqual([])
    expect(shop.off ?? []).toEqual([])
  },
)

test('every naive version in the folder belongs to an incident', () => {
  const folder = `${incidentsFolder}/naive`
  const used = incidents.flatMap(({ runs }) =>
    runs.flatMap(({ scenario, exercise }) => [scenario, exercise ?? '']),
  )
  const files = existsSync(join(projectRoot, folder)) ? readdirSync(join(projectRoot, folder)) : []
  expect(files.filter((name) => !used.includes(`${folder}/${name}`))).toEqual([])
})

test('a verdict other than the promised one is a problem, and so is another violated check', () => {
  const checks = [
    { name: 'books-balance', outcome: 'violated' },
    { name: 'no-stuck-orders', outcome: 'held' },
  ]
  const run = { outcome: 'violated', checks, headline: 'h', error: null, state: 'done' }
  const problem = (outcome: string, fails?: string) =>
    problemOf(fails === undefined ? { outcome } : { outcome, fails }, run as never)
  expect(problem('violated', 'books-balance')).toBeUndefined()
  expect(problem('held')).toMatch(/violated instead of held/)
  expect(problem('violated', 'no-stuck-orders')).toMatch(/held instead of violated/)
  expect(problem('violated', 'latency')).toMatch(/not judged/)
})
