import { expect, test } from 'vitest'

import { columnOf, firstChoices, isShown, layouts, showing } from './lab-layout.ts'
import type { LayoutName, PaneId } from './lab-layout.ts'

const panes: readonly PaneId[] = ['read', 'code', 'check', 'picture', 'data']
const shown = (layout: LayoutName, choices = firstChoices): readonly PaneId[] =>
  panes.filter((pane) => isShown(layout, choices, pane))

test('every pane is in exactly one column of every layout', () => {
  for (const columns of Object.values(layouts))
    expect(
      columns
        .flatMap(({ tabs, always }) => (always === undefined ? tabs : [...tabs, always]))
        .toSorted(),
    ).toEqual(panes.toSorted())
})

test('at first the README is beside the editor', () => {
  expect({ wide: shown('wide'), two: shown('two'), one: shown('one') }).toEqual({
    wide: ['read', 'code', 'check', 'picture'],
    two: ['read', 'code'],
    one: ['read'],
  })
})

test('the check is beside the picture', () => {
  const choices = showing(showing(firstChoices, 'picture'), 'check')
  expect({ wide: shown('wide', choices), two: shown('two', choices) }).toEqual({
    wide: ['read', 'code', 'check', 'picture'],
    two: ['check', 'picture'],
  })
  expect(shown('one', choices)).toEqual(['check'])
  expect(columnOf('wide', 'picture')).toBe(columnOf('wide', 'check'))
})
