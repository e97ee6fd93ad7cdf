import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

/** One incident of docs/incidents: `NAME.md` tells it, and `NAME.yaml` is its scenario. */
export interface Incident {
  readonly name: string
  readonly title: string
  /** What happens, in one sentence: the first paragraph of the page. */
  readonly summary: string
  /** The page. */
  readonly text: string
  /** The runs that the page shows, each with the verdict that it promises. */
  readonly runs: readonly IncidentRun[]
}

export interface IncidentRun {
  /** Scenario file, from the project's root. */
  readonly scenario: string
  /** Folder of seam files, from the project's root. Absent: the shop's own code. */
  readonly exercise?: string
  readonly outcome: string
  /** The check that must be violated. */
  readonly fails?: string
}

export const incidentsFolder = 'docs/incidents'

/** Every incident, by name. */
export function readIncidents(): readonly Incident[] {
  return readdirSync(join(projectRoot, incidentsFolder))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(projectRoot, incidentsFolder, file), 'utf8')
      return incidentOf(file.replace('.md', ''), text)
    })
}

function incidentOf(name: string, text: string): Incident {
  const [heading = '', summary = ''] = text.split('\n\n')
  return { name, title: heading.replace('# ', ''), summary, text, runs: runsIn(text) }
}

/** `npx unhappy run FILE --exercise FOLDER   # violated: CHECK` */
const shownRun = /^npx unhappy run (\S+)(?: --exercise (\S+))? +# (\w+)(?:: (\S+))?$/gm

function runsIn(text: string): readonly IncidentRun[] {
  return [...text.matchAll(shownRun)].map(([, scenario = '', exercise, outcome = '', fails]) => ({
    scenario,
    ...(exercise === undefined ? {} : { exercise }),
    outcome,
    ...(fails === undefined ? {} : { fails }),
  }))
}
