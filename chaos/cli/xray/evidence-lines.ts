import type { EvidenceLine } from '#chaos/contracts/system/flow.ts'

import type { Printer } from '../ui/printer.ts'

const learnedIn = /^(.*) \(learned: (.*)\)$/s

/** The rows of the stores as a diff against the learned effect: `-` missing, `+` further, `~` another value. */
export function evidenceLines(
  evidence: readonly EvidenceLine[],
  { colours }: Pick<Printer, 'colours'>,
): readonly string[] {
  const { red, green, yellow, dim } = colours
  const paint = { '-': red, '+': green, '~': yellow, ' ': dim }
  return evidence.flatMap(({ sign, table, text }) => {
    const [, found = text, learned] = learnedIn.exec(text) ?? []
    return [
      paint[sign](`${sign} ${table} ${found}`),
      ...(learned === undefined ? [] : [dim(`    learned: ${learned}`)]),
    ]
  })
}
