import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { CheckResult } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import { system } from '#chaos/system.ts'

type Shown = Pick<CheckResult, 'name' | 'title' | 'outcome'>

/** Results of a check that are not about the scenario: a README may leave them out. */
const besidesScenario: readonly string[] = ['contract', 'variants']

/** What holds in every run is in the README of a lab only if the starting version violates it. */
function mustShow({ name, outcome }: Pick<Shown, 'name' | 'outcome'>): boolean {
  if (besidesScenario.includes(name)) return false
  return outcome === 'violated' || system.alwaysJudged?.includes(name) !== true
}

/**
 * Compares the output in a lab's README with a run of the starting version. A mismatch is a missing check, an unknown
 * check, or the lab's main check shown as held. Numbers and other results can differ between runs.
 */
export async function readmeMismatch(
  lab: Lab,
  checks: readonly Shown[],
): Promise<string | undefined> {
  const readme = await readFile(join(labFolder(lab), 'README.md'), 'utf8')
  return outputMismatch(readme, checks, lab.fails)
}

export function outputMismatch(
  readme: string,
  checks: readonly Shown[],
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
      .filter(({ title, ...check }) => mustShow(check) && !shows('[✓✗?]', title))
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

/** The lines about checks in the first block that starts with a verdict. A wrapped line is joined. */
function firstVerdict(readme: string): readonly string[] | undefined {
  const block = /```\w*\n\s*VIOLATED[^]*?```/.exec(readme)?.[0]
  if (block === undefined) return undefined
  const text = block.replaceAll(/\n {4,}(?=\S)/g, ' ')
  return [...text.matchAll(/^\s*([✓✗?] .*)$/gm)].map((match) => match[1] ?? '')
}
