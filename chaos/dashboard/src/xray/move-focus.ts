const moves: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/**
 * Moves the focus between the buttons of a table with the arrow keys, and skips cells without a button. The table is one
 * stop of the Tab key instead of two hundred.
 */
export function moveFocus(event: KeyboardEvent): void {
  const move = moves[event.key]
  const from = (event.target as HTMLElement).closest('td')
  const row = from?.parentElement as HTMLTableRowElement | null | undefined
  const body = row?.parentElement as HTMLTableSectionElement | null | undefined
  if (move === undefined || from === null || row === null || row === undefined) return
  event.preventDefault()
  let [y, x] = [row.sectionRowIndex, from.cellIndex]
  for (;;) {
    y += move[0]
    x += move[1]
    const cell = body?.rows[y]?.cells[x]
    if (cell === undefined) return
    const button = cell.querySelector('button')
    if (button === null) continue
    button.focus()
    return
  }
}
