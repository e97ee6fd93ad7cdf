import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { labFolder } from '#chaos/api/labs/lab-paths.ts'
import type { CheckResult } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'

const signs = { held: '✓', violated: '✗', inconclusive: '?' } as const

/**
 * What the lab's README shows as the outcome of its first version and a run says otherwise: a check that is missing, gone or
 * came out differently. Numbers in the summaries differ from run to run and are not compared.
 */
export async function readmeMismatch(
  lab: Lab,
  checks: readonly Pick<CheckResult, 'title' | 'outcome'>[],
): Promise<string | undefined> {
  return outputMismatch(await readFile(join(labFolder(lab), 'README.md'), 'utf8'), checks)
}

export function outputMismatch(
  readme: string,
  checks: readonly Pick<CheckResult, 'title' | 'outcome'>[],
): string | undefined {
  const shown = firstVerdict(readme)
  if (shown === undefined) return 'README.md shows no verdict'
  const lines = checks.map(({ title, outcome }) => `${signs[outcome]} ${title}`)
  const missing = lines.filter((line) => !shown.some((text) => text.startsWith(`${line}:`)))
  const gone = shown.filter((text) => !lines.some((line) => text.startsWith(`${line}:`)))
  if (missing.length === 0 && gone.length === 0) return undefined
  return [
    ...missing.map((line) => `README.md does not show "${line}"`),
    ...gone.map((text) => `README.md shows "${text}"`),
  ].join('; ')
}

/** Lines of checks in the first block of output that begins with a verdict; a wrapped line is one. */
function firstVerdict(readme: string): readonly string[] | undefined {
  const block = /```\w*\n\s*VIOLATED[^]*?```/.exec(readme)?.[0]
  if (block === undefined) return undefined
  const text = block.replaceAll(/\n {4,}(?=\S)/g, ' ')
  return [...text.matchAll(/^\s*([✓✗?] .*)$/gm)].map((match) => match[1] ?? '')
}
