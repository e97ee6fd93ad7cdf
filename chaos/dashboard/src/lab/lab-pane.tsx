import type { ComponentChildren } from 'preact'

import { panelIdOf, tabIdOf } from '../parts/tab-list.tsx'
import { columnOf, isShown, layouts, paneNames } from './lab-layout.ts'
import type { Choices, LayoutName, PaneId } from './lab-layout.ts'

/** One pane of the lab page. It keeps its place in the document in every layout, so the editor keeps its state. */
export function LabPane({
  id,
  layout,
  choices,
  children,
}: {
  readonly id: PaneId
  readonly layout: LayoutName
  readonly choices: Choices
  readonly children: ComponentChildren
}) {
  const hasTab = layouts[layout].some(({ tabs }) => tabs.length > 1 && tabs.includes(id))
  const name = hasTab ? { 'aria-labelledby': tabIdOf('lab', id) } : { 'aria-label': paneNames[id] }
  return (
    <div
      id={panelIdOf('lab', id)}
      class={`pane pane-${id} column-${columnOf(layout, id)}`}
      role={hasTab ? 'tabpanel' : 'region'}
      tabIndex={-1}
      data-pane={id}
      hidden={!isShown(layout, choices, id)}
      {...name}
    >
      {children}
    </div>
  )
}
