/**
 * The script of the page: shows the story of the selected cell. It uses `sequenceSvg`, which the
 * page defines before it.
 */
export const pageScript = `
const matrix = JSON.parse(document.getElementById('data').textContent)
const known = new Set(matrix.baseline.history.map((line) => line.key).filter(Boolean))
const stepOf = new Map(matrix.steps.map((step) => [step.id, step]))
const cellOf = new Map(matrix.cells.map((cell) => [cell.id, cell]))
const detail = document.getElementById('detail')
const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text ?? '' })

function fact(list, name, value) {
  if (value === undefined || value === '') return
  list.append(element('dt', name), element('dd', String(value)))
}

function show(id) {
  const cell = cellOf.get(id)
  if (!cell) return
  for (const button of document.querySelectorAll('[data-cell]'))
    button.setAttribute('aria-pressed', String(button.dataset.cell === id))
  const step = stepOf.get(cell.step)
  const facts = element('dl')
  fact(facts, 'result', cell.result + (cell.confirmed ? ' (' + cell.confirmed + ')' : ''))
  fact(facts, 'represented by', cell.sameAs && cell.sameAs + ': ' + cell.rule)
  fact(facts, 'why', cell.why)
  fact(facts, 'stores', cell.global)
  fact(facts, 'processes', cell.local)
  for (const { invariant, expected, actual } of cell.violations ?? [])
    fact(facts, 'violated', invariant + ': expected ' + expected + ', got ' + actual)
  fact(facts, 'same history', (matrix.classes.find((one) => one.id === cell.class)?.cells ?? []).filter((other) => other !== id).join(', '))
  const nodes = [element('h2', step.id + ' ' + step.signature + ' / ' + cell.column), element('p', cell.story), facts]
  nodes.push(element('pre', 'unhappy xray replay ' + id))
  if (cell.history) {
    const diagram = element('div')
    diagram.className = 'diagram'
    diagram.innerHTML = sequenceSvg(cell.history, known, 'History of ' + id)
    nodes.push(diagram)
  }
  detail.replaceChildren(...nodes)
  history.replaceState(null, '', '#' + id)
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-cell]')
  if (button) show(button.dataset.cell)
})
if (location.hash) show(decodeURIComponent(location.hash.slice(1)))
`
