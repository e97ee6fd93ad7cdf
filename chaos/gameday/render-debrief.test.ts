import { expect, test } from 'vitest'

import type { IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'

import { renderDebrief } from './render-debrief.ts'

const debrief: IncidentDebrief = {
  number: 1,
  incident: 'fir',
  seed: 5,
  title: 'A slow link',
  story: 'It was slow.',
  cause: { place: 'api-1:redis', kind: 'latency', words: 'Later.' },
  chain: [
    { place: 'api-1:redis', seen: 'slow', named: false },
    { place: 'api-1', seen: 'waits', named: true },
  ],
  symptoms: ['Pages are slow.'],
  mitigations: ['stop api-1: it works'],
  answers: { wrong: true, atMs: 61_000, chain: ['api-1'] },
  actions: [],
  score: {
    detection: 1,
    place: 0.5,
    cause: 0,
    chain: 0.67,
    mitigation: 0,
    points: 50,
    reasons: { detection: 'd', place: 'p', cause: 'c', chain: 'ch', mitigation: 'm' },
    detectedAfterMs: 12_000,
    falseAlarm: false,
  },
  lines: [
    { atMs: 20_000, by: 'system', text: 'The incident begins.' },
    { atMs: 61_000, by: 'learner', text: 'Says: <script>alert(1)</script>' },
  ],
}
const page = renderDebrief({
  id: 'gameday-1',
  seed: 5,
  startedAt: '2030-01-01T00:00:00.000Z',
  closed: [debrief],
})

test('the page loads nothing and shows markup of a learner as text', () => {
  expect(page).not.toMatch(/<script|<link|src=|href=/)
  expect(page).toContain('&lt;script&gt;')
})

test('what happened and what the learner said are in different columns, with their times', () => {
  expect(page).toContain('<td class="time">0:20</td><td>The incident begins.</td><td></td>')
  expect(page).toContain('<td class="time">1:01</td><td></td><td>Says:')
})

test('the picture has the chain in order, and marks what the learner named', () => {
  expect(page).toContain('aria-label="api-1:redis: slow; then api-1: waits"')
  expect(page.match(/class="box named"/g)).toHaveLength(1)
  expect(page).toContain('50 of 100 points')
})
