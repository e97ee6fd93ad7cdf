import { useEffect } from 'preact/hooks'

/**
 * F6 moves the focus to the next visible pane, Shift+F6 to the one before: the keys of panes in browsers and editors.
 * `focusCode` gives it to the editor, and returns false while there is none.
 */
export function usePaneKeys(focusCode: () => boolean): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return
      const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]:not([hidden])')]
      if (panes.length === 0) return
      event.preventDefault()
      const at = panes.findIndex((pane) => pane.contains(document.activeElement))
      const step = event.shiftKey ? -1 : 1
      const next = at === -1 ? 0 : (at + step + panes.length) % panes.length
      if (panes[next]?.dataset['pane'] !== 'code' || !focusCode()) panes[next]?.focus()
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
