import { useEffect, useRef } from 'preact/hooks'

import { toggleTheme } from './theme.ts'

/** The name of the window event that opens the list. */
export const showKeyHelp = 'unhappy-keys'

const keys = [
  ['1 2 3 4', 'Open Sandbox, Labs, X-ray or Runs'],
  ['p', 'Open the presenter view'],
  ['h', 'Halt: heal every fault. Press again to lift the halt'],
  ['c', 'Check the open lab'],
  ['F6', 'Move to the next part of the lab page; Shift+F6: to the one before'],
  ['Ctrl+Enter', 'Check the lab from the editor. Ctrl+S saves'],
  ['Esc, Tab', 'Leave the editor: there, Tab indents'],
  ['t', 'Switch between the light and the dark theme'],
  ['Tab, Enter', 'Move over the instances and links of the picture; open one'],
  ['Arrows, Enter', 'Move over the cells of an X-ray; open one'],
  ['Space', 'Play or pause a run or a diagram'],
  ['Arrows', 'Go from message to message in a diagram; from event to event on its slider'],
  ['Esc', 'Close the open panel or dialog'],
  ['?', 'Show this list'],
] as const

/** The keyboard shortcuts of the page and their list. They are off while the user types in a field. */
export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const show = (): void => dialog.current?.showModal()
    const listener = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      // The first element of the path: `target` hides what is inside of the editor's shadow root.
      const [target] = event.composedPath() as HTMLElement[]
      if (target?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target?.tagName ?? ''))
        return
      const page = { '1': 'sandbox', '2': 'labs', '3': 'xray', '4': 'runs' }[event.key]
      if (page !== undefined) location.hash = `#/${page}`
      else if (event.key === 'p') location.hash = '#/present'
      else if (event.key === 't') toggleTheme()
      else if (event.key === 'h') press('halt')
      else if (event.key === 'c') press('check')
      else if (event.key === '?') show()
    }
    window.addEventListener('keydown', listener)
    window.addEventListener(showKeyHelp, show)
    return () => {
      window.removeEventListener('keydown', listener)
      window.removeEventListener(showKeyHelp, show)
    }
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby="keys-title">
      <h2 id="keys-title">Keyboard shortcuts</h2>
      <dl class="facts" style={{ margin: '0.8rem 0' }}>
        {keys.map(([key, text]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  )
}

function press(key: string): void {
  document.querySelector<HTMLButtonElement>(`[data-key=${key}]`)?.click()
}
