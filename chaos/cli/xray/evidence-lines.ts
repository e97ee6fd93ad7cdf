import type { EvidenceLine } from '#chaos/contracts/system/flow.ts'

import type { Printer } from '../ui/printer.ts'

/** The rows of the stores as a diff against the learned effect: `-` missing, `+` further, `~` another value. */
export function evidenceLines(
  evidence: readonly EvidenceLine[],
  { colours }: Pick<Printer, 'colours'>,
): readonly string[] {
  const { red, green, yellow, dim } = colours
  const paint = { '-': red, '+': green, '~': yellow, ' ': dim }
  return evidence.flatMap(({ sign, table, text, learned }) => [
    paint[sign](`${sign} ${table} ${text}`),
    ...(learned === undefined ? [] : [dim(`    learned: ${learned}`)]),
  ])
}
