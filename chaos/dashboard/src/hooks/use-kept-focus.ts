import { useEffect } from 'preact/hooks'

/**
 * Keeps the focus near its place when the focused element disappears, for example a button whose step is done. Otherwise the
 * browser gives it to the document: a screen reader reads nothing, and keys do nothing. The focus goes to the smallest
 * part around it that is still there, so Tab continues from that part.
 */
export function useKeptFocus(selector: string): void {
  useEffect(() => {
    const root = document.querySelector<HTMLElement>(selector)
    if (root === null) return undefined
    let path: readonly HTMLElement[] = []
    const remember = ({ target }: FocusEvent): void => {
      path = pathTo(root, target as HTMLElement)
    }
    // A press on something without focus takes the focus away on purpose.
    const forget = (): void => {
      path = []
    }
    const observer = new MutationObserver(() => {
      if (path[0] === undefined || path[0].isConnected) return
      const { activeElement } = document
      if (activeElement !== null && activeElement !== document.body) return
      const nearest = path.find((element) => element.isConnected && element.offsetParent !== null)
      const kept = nearest ?? root
      if (!kept.hasAttribute('tabindex')) kept.tabIndex = -1
      kept.focus({ preventScroll: true })
    })
    observer.observe(root, { childList: true, subtree: true })
    root.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget, { capture: true })
    return () => {
      observer.disconnect()
      root.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget, { capture: true })
    }
  }, [selector])
}

/** The element and what is around it, up to the root. */
function pathTo(root: HTMLElement, from: HTMLElement): readonly HTMLElement[] {
  const path: HTMLElement[] = []
  for (let at: HTMLElement | null = from; at !== null && at !== root; at = at.parentElement)
    path.push(at)
  return path
}
