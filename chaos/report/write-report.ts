import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'

import type { ReportData } from './report-data.ts'
import { reportPage } from './report-page.ts'

/**
 * Writes `report.html` into a run's folder, from the folder's journal and scenario and the caller's `known` facts. Returns the
 * file's path.
 */
export async function writeReport(
  folder: string,
  known: Omit<ReportData, 'events' | 'scenarioText'> & { readonly scenarioText?: string },
): Promise<string> {
  const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8')
  const events = parseJsonLines(journal) as SandboxEvent[]
  const scenarioText =
    known.scenarioText ?? (await readFile(join(folder, 'scenario.yaml'), 'utf8').catch(() => ''))
  const file = join(folder, 'report.html')
  await writeFile(file, reportPage({ ...known, events, scenarioText }))
  return file
}
