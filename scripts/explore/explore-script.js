// The script of the explorable page. It is part of docs/explore.html, and it loads nothing.
'use strict'
const data = JSON.parse(document.querySelector('#data').textContent)
const one = (selector, within = document) => within.querySelector(selector)
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
const make = (tag, text, name) =>
  Object.assign(document.createElement(tag), { textContent: text, className: name ?? '' })
const chip = ({ colour, word }) => make('span', word, `chip ${colour}`)

// 1. The run: the dots turn when the user has guessed.
for (const button of all('[data-guess]'))
  button.addEventListener('click', () => {
    const isRight = button.dataset.right === 'true'
    for (const other of all('[data-guess]')) {
      other.disabled = true
      other.setAttribute('aria-pressed', String(other === button))
    }
    one('#run').classList.add('revealed')
    for (const [i, dot] of all('.dots li').entries())
      if (dot.dataset.lost === 'true') {
        dot.classList.add('lost')
        dot.textContent = '✕'
        dot.style.transitionDelay = `${i * 6}ms`
      }
    one('#run-answer').replaceChildren(
      make('p', isRight ? '✓ Your guess is right.' : '✕ Your guess is wrong.', 'guess'),
      one('#run-result').content.cloneNode(true),
    )
  })

// 2. The slider: everything after the moment is veiled. The explanation comes at the end.
const svg = one('#followed .flow-diagram')
const veil = document.createElementNS(svg.namespaceURI, 'rect')
veil.setAttribute('class', 'veil')
veil.setAttribute('width', '100%')
veil.setAttribute('height', '100%')
const line = document.createElementNS(svg.namespaceURI, 'line')
line.setAttribute('class', 'moment-line')
line.setAttribute('x2', '100%')
// Labels are above the veil: each has its own moment.
one('.label', svg).before(veil)
svg.append(line)
const slider = one('#moment')
slider.max = String(data.moments.length - 1)

function showMoment(n) {
  const { ms, x, y, texts, holds } = data.moments[n]
  const isLast = n === data.moments.length - 1
  veil.setAttribute('y', String(isLast ? 1e6 : y + 6))
  for (const end of ['y1', 'y2']) line.setAttribute(end, String(y + 6))
  for (const label of all('.label', svg))
    label.classList.toggle('future', data.labels[`${label.dataset.of}:${label.dataset.index}`] > ms)
  for (const message of all('.message', svg))
    message.classList.toggle('future', data.sent[message.dataset.message] > ms)
  if (isLast) one('#explanation').classList.add('shown')
  const box = one('#followed')
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
  box.scrollTop = y * scale - box.clientHeight * 0.6
  if (x !== undefined) box.scrollLeft = x * scale - box.clientWidth / 2
  slider.value = String(n)
  slider.setAttribute('aria-valuetext', `${Math.round(ms)} ms`)
  const what = texts.length === 0 ? 'the order begins' : texts.join('; ')
  one('#caption').textContent = `${ms.toFixed(1)} ms: ${what}`
  for (const card of all('.holds [data-source]')) {
    const held = holds[card.dataset.source]
    const text = held?.text ?? 'nothing'
    const isNew = one('dd', card).textContent !== text
    one('dd', card).textContent = held?.isWrong ? `✕ ${text}` : text
    card.className = held?.isWrong ? 'wrong' : isNew && n > 0 ? 'new' : ''
  }
}
slider.addEventListener('input', () => {
  stop()
  showMoment(Number(slider.value))
})

let timer = null
function stop() {
  clearInterval(timer)
  timer = null
  one('#play').textContent = '▶ Play'
}
one('#play').addEventListener('click', () => {
  if (timer !== null) return stop()
  if (Number(slider.value) === data.moments.length - 1) showMoment(0)
  one('#play').textContent = '❚❚ Pause'
  timer = setInterval(() => {
    const next = Number(slider.value) + 1
    if (next < data.moments.length) showMoment(next)
    else stop()
  }, 650)
})
showMoment(0)

// 3. The X-ray: three predictions, then the whole matrix.
const cells = new Map(data.cells.map((cell) => [cell.id, cell]))

function showCell(id) {
  const button = one(`[data-cell="${id}"]`)
  const cell = cells.get(id)
  button.textContent = cell.word
  button.disabled = false
  button.className = `${cell.colour}${cell.sameAs ? ' same' : ''}`
  button.setAttribute('aria-label', `${cell.title}: ${cell.word}`)
}

function diagramOf(version, id) {
  const template = document.getElementById(`${version}/${id}`)
  if (template === null) return []
  const details = document.createElement('details')
  const box = make('div', '', 'diagram')
  box.tabIndex = 0
  box.setAttribute('role', 'region')
  box.setAttribute('aria-label', 'Diagram of the order')
  box.append(template.content.cloneNode(true))
  details.append(make('summary', 'Show the diagram of this order'), box)
  return [details]
}

function storyOf(id, because) {
  const cell = cells.get(id)
  const head = make('p', '', 'story-head')
  head.append(chip(cell), make('b', ` ${cell.meaning}.`))
  const story = make('p', cell.story, 'muted')
  const why = because ? [make('p', because)] : []
  const same = cell.sameAs
    ? [make('p', `Not run: the same as ${cells.get(cell.sameAs).title}.`, 'muted')]
    : []
  return [head, ...why, story, ...same, ...diagramOf(data.files[0], id)]
}

for (const field of all('[data-question]'))
  for (const button of all('[data-answer]', field))
    button.addEventListener('click', () => {
      const { id } = field.dataset
      for (const other of all('[data-answer]', field)) {
        other.disabled = true
        other.setAttribute('aria-pressed', String(other === button))
      }
      const isRight = button.dataset.right === 'true'
      showCell(id)
      one('.answer', field).replaceChildren(
        make('p', isRight ? '✓ Your prediction is right.' : '✕ Your prediction is wrong.', 'guess'),
        ...storyOf(id, one('template', field).content.textContent),
      )
      const next = one(`[data-question="${Number(field.dataset.question) + 1}"]`)
      if (next === null) showMatrix()
      else next.hidden = false
    })

function showMatrix() {
  for (const id of cells.keys()) showCell(id)
  makeOneStop(one('[data-cell].red') ?? one('[data-cell]'))
  one('#show-all').hidden = true
  one('#found').replaceChildren(one('#matrix-words').content.cloneNode(true))
  one('#xray').classList.add('revealed')
}

// The matrix is one stop of the Tab key. The arrow keys move in it.
function makeOneStop(button) {
  for (const other of all('[data-cell]')) other.tabIndex = other === button ? 0 : -1
}
const rows = all('#xray tbody tr').map((row) => all('[data-cell]', row))
const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
one('#xray table').addEventListener('keydown', (event) => {
  const step = steps[event.key]
  const row = rows.findIndex((buttons) => buttons.includes(event.target))
  if (step === undefined || row < 0 || !one('#xray').classList.contains('revealed')) return
  const next = rows[row + step[0]]?.[rows[row].indexOf(event.target) + step[1]]
  if (next === undefined) return
  event.preventDefault()
  makeOneStop(next)
  next.focus()
})

// The story of a cell is in a row of the table, below the row of the cell.
const storyRow = document.createElement('tr')
storyRow.className = 'story'
const storyCell = document.createElement('td')
storyCell.colSpan = 10
const storyBox = make('div', '')
storyBox.id = 'cell'
storyBox.setAttribute('role', 'status')
storyCell.append(storyBox)
storyRow.append(storyCell)

one('#show-all').addEventListener('click', showMatrix)
for (const button of all('[data-cell]'))
  button.addEventListener('click', () => {
    const { cell: id } = button.dataset
    for (const other of all('[data-cell][aria-pressed="true"]'))
      other.removeAttribute('aria-pressed')
    button.setAttribute('aria-pressed', 'true')
    makeOneStop(button)
    const before = button.getBoundingClientRect().top
    button.closest('tr').after(storyRow)
    one('#cell').replaceChildren(make('h3', cells.get(id).title), ...storyOf(id))
    // A story above the button that closes must not move the button.
    scrollBy({ top: button.getBoundingClientRect().top - before, behavior: 'instant' })
    one('#cell').scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

// 4. Start, near miss and fix.
let shownFault = 0
function compare(version, fault) {
  shownFault = fault
  for (const button of all('[data-switch]'))
    button.setAttribute('aria-pressed', String(button.dataset.switch === String(version)))
  one('#compared-fault').textContent = `Fault: ${data.faults[fault]}`
  const cell = data.compared[version][fault]
  for (const button of all('[data-version]'))
    button.setAttribute(
      'aria-pressed',
      String(button.dataset.version === String(version) && button.dataset.fault === String(fault)),
    )
  for (const code of all('[data-code]')) code.hidden = code.dataset.code !== String(version)
  const story = one('#compared-story')
  story.replaceChildren(chip(cell), make('span', ` ${cell.story}`))
  const { content } = document.getElementById(`${data.files[version]}/${cell.id}`)
  one('#compared').replaceChildren(content.cloneNode(true))
}
for (const button of all('[data-version]'))
  button.addEventListener('click', () =>
    compare(Number(button.dataset.version), Number(button.dataset.fault)),
  )
for (const button of all('[data-switch]'))
  button.addEventListener('click', () => compare(Number(button.dataset.switch), shownFault))
compare(0, 0)
