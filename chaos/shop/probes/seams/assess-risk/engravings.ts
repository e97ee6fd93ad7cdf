import { editDistance } from '#services/lib/edit-distance.ts'

/** An order to assess: what it is, its texts, and the score that the starting version returns. */
export interface Engravings {
  readonly what: string
  readonly lines: readonly string[]
  readonly score: number
}

/** Lines that have hardly a letter in common at the same place. Always the same ones. */
export function different(count: number, length: number): readonly string[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length }, (_, j) =>
      String.fromCharCode(97 + ((i * (7 + 2 * j) + j * 5 + Math.floor(i / 26) * (3 + j)) % 26)),
    ).join(''),
  )
}

/** As the starting version does it. */
function score(lines: readonly string[]): number {
  let alike = 0
  for (const [index, a] of lines.entries())
    for (const b of lines.slice(index + 1))
      if (editDistance(a, b) <= Math.max(a.length, b.length) / 5) alike += 1
  return scoreOf(alike, lines.length)
}

function scoreOf(alike: number, count: number): number {
  return alike / ((count * (count - 1)) / 2 + 100)
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const name = (i: number): string => different(i + 1, 6)[i] ?? ''
const repeat = (count: number, line: (i: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, i) => line(i))

let shapesKnown: readonly Engravings[] | undefined

/** Orders of every shape, the API's longest text among them. Small enough to compare all their lines in a moment. */
export function everyShape(): readonly Engravings[] {
  if (shapesKnown !== undefined) return shapesKnown
  const others = different(200, 7)
  const shapes: readonly (readonly [what: string, lines: readonly string[]])[] = [
    [
      'every tenth line nearly the same',
      others.map((one, i) => (i % 10 === 0 ? `mug for ${i}` : one)),
    ],
    [
      'two kinds of lines in turn',
      repeat(90, (i) => (i % 2 === 0 ? 'for the best team' : 'happy birthday')),
    ],
    [
      'half of the lines the same',
      [...repeat(45, () => 'Congratulations'), ...others.slice(0, 45)],
    ],
    [
      'nine of ten lines the same',
      [...others.slice(0, 9), ...repeat(85, (i) => `for number ${i}`)],
    ],
    [
      'more letters before the same text',
      repeat(60, (i) => `${letters.slice(0, i % 4)}Happy birthday`),
    ],
    [
      'letters missing at different places',
      repeat(60, (i) => without('Congratulations, Anna', i % 21)),
    ],
    ['equal names', repeat(90, () => 'Anna')],
    ['each name three times', repeat(90, (i) => name(i % 30))],
    [
      'texts at the limit of being alike',
      repeat(40, (i) => `${'x'.repeat(i)}abcde`.slice(-(i % 12))),
    ],
    ['empty texts among others', repeat(50, (i) => (i % 3 === 0 ? '' : `${i % 5}`))],
    [
      'texts of 80 letters',
      repeat(24, (i) => `${i % 4}${name(i)}`.padEnd(64 + (i % 17), name(i % 3))),
    ],
    ['large and small letters', repeat(40, (i) => (i % 2 === 0 ? 'MÜLLER' : 'Müller'))],
  ]
  shapesKnown = shapes.map(([what, lines]) => ({ what, lines, score: score(lines) }))
  return shapesKnown
}

function without(text: string, at: number): string {
  return text.slice(0, at) + text.slice(at + 1)
}

/** Larger than any order of the lab: one letter on each piece. Only equal letters are alike. */
export function largerThanEver(count: number): Engravings {
  const lines = repeat(count, (i) => letters[(i * 7) % 26] ?? '')
  const counts = Map.groupBy(lines, (line) => line)
  const alike = [...counts.values()].reduce((sum, { length: n }) => sum + (n * (n - 1)) / 2, 0)
  return { what: `${count} lines with one letter`, lines, score: scoreOf(alike, count) }
}
