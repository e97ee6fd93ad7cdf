import { useEffect, useRef } from 'preact/hooks'

import { toggleTheme } from './theme.ts'

/** The event that opens the list. */
export const showKeyHelp = 'unhappy-keys'

const keys = [
  ['1 2 3 4', 'Sandbox, Labs, X-ray, Runs'],
  ['h', 'Halt: undo every fault (again: lift it)'],
  ['c', 'Check the lab that is open'],
  ['t', 'Light or dark'],
  ['Tab, Enter', 'Walk over the instances and links of the picture, and open one'],
  ['Arrows, Enter', 'Walk over the cells of an X-ray, and read the story of one'],
  ['Esc', 'Close what is open'],
  ['?', 'This list'],
] as const

/** Keys of the whole page; silent while somebody types. */
export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target as HTMLElement
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return
      const page = { '1': 'sandbox', '2': 'labs', '3': 'xray', '4': 'runs' }[event.key]
      if (page !== undefined) location.hash = `#/${page}`
      else if (event.key === 't') toggleTheme()
      else if (event.key === 'h')
        document.querySelector<HTMLButtonElement>('[data-key=halt]')?.click()
      else if (event.key === 'c')
        document.querySelector<HTMLButtonElement>('[data-key=check]')?.click()
      else if (event.key === '?') dialog.current?.showModal()
    }
    const show = (): void => dialog.current?.showModal()
    window.addEventListener('keydown', listener)
    window.addEventListener(showKeyHelp, show)
    return () => {
      window.removeEventListener('keydown', listener)
      window.removeEventListener(showKeyHelp, show)
    }
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
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
