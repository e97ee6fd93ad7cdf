import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { CheckResult } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'

/**
 * What the lab's README shows as the outcome of its first version and a run says otherwise: a check that is missing or
 * gone, or the one that the lab is about shown as held. How the others come out, and numbers, may differ from run to run.
 */
export async function readmeMismatch(
  lab: Lab,
  checks: readonly Pick<CheckResult, 'name' | 'title'>[],
): Promise<string | undefined> {
  const readme = await readFile(join(labFolder(lab), 'README.md'), 'utf8')
  return outputMismatch(readme, checks, lab.fails)
}

export function outputMismatch(
  readme: string,
  checks: readonly Pick<CheckResult, 'name' | 'title'>[],
  fails: string,
): string | undefined {
  const shown = firstVerdict(readme)
  if (shown === undefined) return 'README.md shows no verdict'
  const shows = (sign: string, title: string): boolean =>
    shown.some(
      (line) => new RegExp(`^${sign} `).test(line) && line.slice(2).startsWith(`${title}:`),
    )
  const problems = [
    ...checks
      .filter(({ title }) => !shows('[✓✗?]', title))
      .map(({ title }) => `does not show "${title}"`),
    ...shown
      .filter((line) => !checks.some(({ title }) => line.slice(2).startsWith(`${title}:`)))
      .map((line) => `shows "${line}"`),
    ...(checks.some(({ name, title }) => name === fails && shows('✗', title))
      ? []
      : [`does not show ${fails} as violated`]),
  ]
  return problems.length === 0 ? undefined : `README.md ${problems.join(', ')}`
}

/** Lines of checks in the first block of output that begins with a verdict; a wrapped line is one. */
function firstVerdict(readme: string): readonly string[] | undefined {
  const block = /```\w*\n\s*VIOLATED[^]*?```/.exec(readme)?.[0]
  if (block === undefined) return undefined
  const text = block.replaceAll(/\n {4,}(?=\S)/g, ' ')
  return [...text.matchAll(/^\s*([✓✗?] .*)$/gm)].map((match) => match[1] ?? '')
}
