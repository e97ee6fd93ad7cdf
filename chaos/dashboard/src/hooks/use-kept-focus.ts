import { useEffect } from 'preact/hooks'

/**
 * Keeps the focus near its place when the focused element disappears or is disabled, for example a button whose step is done or
 * whose request is in flight. Otherwise the browser gives it to the document: a screen reader reads nothing, and keys do
 * nothing. The focus goes to the smallest part around it that is still there, so Tab continues from that part. It goes back
 * to an element that is enabled again, unless the user has moved it meanwhile.
 */
export function useKeptFocus(selector: string): void {
  useEffect(() => {
    const root = document.querySelector<HTMLElement>(selector)
    if (root === null) return undefined
    let path: readonly HTMLElement[] = []
    let disabled: { readonly element: HTMLElement; readonly kept: HTMLElement } | undefined
    const remember = ({ target }: FocusEvent): void => {
      path = pathTo(root, target as HTMLElement)
      if (target !== disabled?.kept) disabled = undefined
    }
    // A press on something without focus takes the focus away on purpose.
    const forget = (): void => {
      path = []
      disabled = undefined
    }
    const observer = new MutationObserver(() => {
      const { activeElement } = document
      if (activeElement === disabled?.kept && canBeFocused(disabled?.element)) {
        disabled?.element.focus({ preventScroll: true })
        return
      }
      const [focused] = path
      if (focused === undefined || canBeFocused(focused)) return
      // The browser takes the focus from a disabled element only when it draws the next frame.
      if (![null, document.body, focused].includes(activeElement as HTMLElement | null)) return
      const nearest = path.find(
        (element) => element !== focused && element.isConnected && element.offsetParent !== null,
      )
      const kept = nearest ?? root
      if (focused.isConnected) disabled = { element: focused, kept }
      if (!kept.hasAttribute('tabindex')) kept.tabIndex = -1
      kept.focus({ preventScroll: true })
    })
    observer.observe(root, { childList: true, subtree: true, attributeFilter: ['disabled'] })
    root.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget, { capture: true })
    return () => {
      observer.disconnect()
      root.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget, { capture: true })
    }
  }, [selector])
}

function canBeFocused(element: HTMLElement | undefined): boolean {
  return element?.isConnected === true && !element.matches(':disabled')
}

/** The element and what is around it, up to the root. */
function pathTo(root: HTMLElement, from: HTMLElement): readonly HTMLElement[] {
  const path: HTMLElement[] = []
  for (let at: HTMLElement | null = from; at !== null && at !== root; at = at.parentElement)
    path.push(at)
  return path
}
