import { useRef } from 'preact/hooks'

export interface Tab<Id extends string = string> {
  readonly id: Id
  readonly label: string
}

/** The id of the element that a tab shows. */
export function panelIdOf(group: string, tab: string): string {
  return `${group}-panel-${tab}`
}

export function tabIdOf(group: string, tab: string): string {
  return `${group}-tab-${tab}`
}

/** Tabs of which one is chosen. Arrow keys, Home and End move over them; Tab leaves them. */
export function TabList<Id extends string>({
  group,
  label,
  tabs,
  chosen,
  onChoose,
  class: className = '',
}: {
  /** Part of the ids of the tabs and their panels. */
  readonly group: string
  readonly label: string
  readonly tabs: readonly Tab<Id>[]
  readonly chosen: Id
  readonly onChoose: (id: Id) => void
  readonly class?: string
}) {
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === chosen)
    const to = targetOf(event.key, at, tabs.length)
    const next = to === undefined ? undefined : tabs[to]
    if (next === undefined) return
    event.preventDefault()
    onChoose(next.id)
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(tabIdOf(group, next.id))}`)?.focus()
  }
  return (
    <div class={`tabs ${className}`} role="tablist" aria-label={label} ref={list} onKeyDown={move}>
      {tabs.map(({ id, label: text }) => (
        <button
          key={id}
          id={tabIdOf(group, id)}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          aria-controls={panelIdOf(group, id)}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}

function targetOf(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at + count - 1) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : undefined
}
