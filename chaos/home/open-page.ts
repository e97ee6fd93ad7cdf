import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { escapeHtml } from '#chaos/lib/escape-html.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

/** Writes a page that leads to `url`, which contains a secret. Only its owner can read the page. Returns its path. */
export async function writeOpenPage(folder: string, slot: number, url: string): Promise<string> {
  const link = escapeHtml(url)
  await mkdir(folder, { recursive: true })
  await writeAtomically(
    pathOf(folder, slot),
    `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${link}">
<title>Unhappy Path</title>
<p><a href="${link}">Open the dashboard</a></p>
`,
    0o600,
  )
  return pathOf(folder, slot)
}

export async function removeOpenPage(folder: string, slot: number): Promise<void> {
  await rm(pathOf(folder, slot), { force: true })
}

function pathOf(folder: string, slot: number): string {
  return join(folder, `${slot}.html`)
}
