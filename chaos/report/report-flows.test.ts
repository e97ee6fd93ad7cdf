import { expect, test } from 'vitest'

import { comparison, crashFlow } from './flow-diagram/testing/flow-fixtures.ts'
import { flowSections } from './report-flows.ts'

test('a report has one diagram for each failing flow, with the checks that it violates', () => {
  const html = flowSections([
    { check: 'no order is lost', drawn: comparison() },
    { check: 'every order is <paid>', drawn: comparison() },
    { check: 'charged at most once', drawn: { ...crashFlow(), id: 'o-7f-000099' } },
  ])
  expect(html.match(/<svg /g)).toHaveLength(2)
  expect(html).toContain('no order is lost; every order is &lt;paid&gt;')
  expect(html.match(/<table>/g)).toHaveLength(2)
})

test('the diagrams of a report load nothing', () => {
  const html = flowSections([{ check: 'no order is lost', drawn: comparison() }])
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|href=|url\(/)
})

test('a run without recorded flows has no such section', () => {
  expect(flowSections([])).toBe('')
})
