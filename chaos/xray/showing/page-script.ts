/**
 * The script of the page: shows the story and the diagram of the selected cell.
 */
export const pageScript = `
const matrix = JSON.parse(document.getElementById('data').textContent)
const stepOf = new Map(matrix.steps.map((step) => [step.id, step]))
const cellOf = new Map(matrix.cells.map((cell) => [cell.id, cell]))
const detail = document.getElementById('detail')
const drawn = unpack(document.getElementById('diagrams').textContent)

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0))
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return await new Response(plain).json()
}

function diagram(svg, name) {
  const box = Object.assign(document.createElement('div'), { className: 'diagram', tabIndex: 0, innerHTML: svg })
  box.setAttribute('role', 'region')
  box.setAttribute('aria-label', name)
  return box
}

const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text ?? '' })

function fact(list, name, value) {
  if (value === undefined || value === '') return
  list.append(element('dt', name), element('dd', String(value)))
}

let turns = 0
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
  if (cell.evidence) nodes.push(element('pre', cell.evidence.map((row) => row.sign + ' ' + row.table + ' ' + row.text + (row.learned ? ' (learned: ' + row.learned + ')' : '')).join('\\n')))
  nodes.push(element('pre', 'unhappy xray replay ' + id))
  detail.replaceChildren(...nodes)
  history.replaceState(null, '', '#' + id)
  // A cell can be selected again before the diagrams are unpacked.
  const turn = (turns += 1)
  drawn.then(({ cells, withoutFault }) => {
    if (turn !== turns || cells[id] === undefined) return
    const regular = element('details')
    regular.append(element('summary', 'The same without the fault'), diagram(withoutFault, 'Diagram of the run without a fault'))
    const own = diagram(cells[id], 'Diagram of ' + id)
    detail.append(own, regular)
    const fault = own.querySelector('.fault')
    if (fault) {
      const [at, box] = [fault.getBoundingClientRect(), own.getBoundingClientRect()]
      own.scrollTop = at.top - box.top - own.clientHeight / 3
      own.scrollLeft = at.left - box.left - own.clientWidth / 4
    }
  })
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-cell]')
  if (button) show(button.dataset.cell)
})
if (location.hash) show(decodeURIComponent(location.hash.slice(1)))
`
