import type { HugeOrder } from '#chaos/contracts/scenario.ts'
import type { Random } from '#chaos/lib/random.ts'

/** Of texts that are alike, one in so many at the beginning is not: whoever looks at the first few only is taken in. */
const differentAtFirst = 25
const letters = 30
const alphabet = 'abcdefghijklmnopqrstuvwxyz'

/** The texts of a huge order, each once. As long as a line on a mug, and seeded. */
export function giftTexts({ lines, alike }: HugeOrder, random: Random): readonly string[] {
  const different = alike ? Math.floor(lines / differentAtFirst) : lines
  return Array.from({ length: lines }, (_, i) =>
    i < different ? anyText(random) : `Happy birthday from us, no. ${String(i).padStart(4, '0')}`,
  )
}

function anyText(random: Random): string {
  return Array.from({ length: letters }, () => alphabet.charAt(random.integer(0, 25))).join('')
}
