import { useEffect, useState } from 'preact/hooks'

export type PaneId = 'read' | 'code' | 'check' | 'picture' | 'data'
export type LayoutName = 'wide' | 'two' | 'one'

export interface Column {
  /** The panes that share the column as tabs; one is shown. */
  readonly tabs: readonly PaneId[]
  /** Shown above the tabs, at all times. */
  readonly always?: PaneId
}

/** What is beside what. While a check runs, its progress and the picture are visible together, except on phones. */
export const layouts: Readonly<Record<LayoutName, readonly Column[]>> = {
  wide: [{ tabs: ['read'] }, { tabs: ['code', 'data'] }, { tabs: ['check'], always: 'picture' }],
  two: [{ tabs: ['read', 'check'] }, { tabs: ['code', 'picture', 'data'] }],
  one: [{ tabs: ['read', 'code', 'check', 'picture', 'data'] }],
}

export const paneNames: Readonly<Record<PaneId, string>> = {
  read: 'Read',
  code: 'Code',
  check: 'Check',
  picture: 'Picture',
  data: 'Data',
}

/** The pane that each column shows, in each layout. */
export type Choices = Readonly<Record<LayoutName, readonly PaneId[]>>

export const firstChoices: Choices = {
  wide: ['read', 'code', 'check'],
  two: ['read', 'code'],
  one: ['read'],
}

/** The choices after a pane was shown, in every layout: a window that changes its size shows the same panes. */
export function showing(before: Choices, pane: PaneId): Choices {
  const choose = (name: LayoutName): readonly PaneId[] =>
    layouts[name].map(({ tabs }, i) =>
      tabs.includes(pane) ? pane : (before[name][i] ?? tabs[0] ?? pane),
    )
  return { wide: choose('wide'), two: choose('two'), one: choose('one') }
}

export function isShown(layout: LayoutName, choices: Choices, pane: PaneId): boolean {
  return layouts[layout].some(({ tabs, always }, i) =>
    always === pane ? true : tabs.includes(pane) && choices[layout][i] === pane,
  )
}

/** The column of a pane, from 1. */
export function columnOf(layout: LayoutName, pane: PaneId): number {
  return layouts[layout].findIndex(({ tabs, always }) => always === pane || tabs.includes(pane)) + 1
}

const wide = '(min-width: 1500px)'
const two = '(min-width: 900px)'

export function useLayoutName(): LayoutName {
  const [name, setName] = useState(read)
  useEffect(() => {
    const listener = (): void => setName(read())
    const queries = [matchMedia(wide), matchMedia(two)]
    for (const query of queries) query.addEventListener('change', listener)
    return () => {
      for (const query of queries) query.removeEventListener('change', listener)
    }
  }, [])
  return name
}

function read(): LayoutName {
  if (matchMedia(wide).matches) return 'wide'
  return matchMedia(two).matches ? 'two' : 'one'
}
