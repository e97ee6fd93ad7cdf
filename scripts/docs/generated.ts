import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { systemFileJsonSchema } from '#chaos/adopt/processes/system-file-schema.ts'
import { flowJsonSchema } from '#chaos/derived/file/flow-schema.ts'
import { scenarioJsonSchema } from '#chaos/engine/scenario/scenario-schema.ts'
import { variantsJsonSchema } from '#chaos/engine/scenario/variants-file.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { toxicsMarkdown } from '#chaos/proxy/toxics-markdown.ts'
import { linksConfig } from '#chaos/runtime/docker/links-config.ts'
import { system } from '#chaos/system.ts'

import { explorePage } from '../explore/explore-page.ts'
import { readRecordings } from '../explore/recordings.ts'
import { withBlock, type DocumentPart } from './block.ts'
import { checksReference, checksTable } from './checks.ts'
import { faultsInShort, faultsReference, faultsTable } from './faults.ts'
import { firstVerdict } from './first-verdict.ts'
import { flowFileReference } from './flow-file.ts'
import { guideParts } from './guides.ts'
import { incidentsTable } from './incidents.ts'
import { labsTable, lessonsTable } from './labs-table.ts'
import { limitsTable } from './limits.ts'
import { linksApiReference } from './links-api.ts'
import { linksMeasured } from './links-measured.ts'
import { scenarioReference } from './scenario.ts'
import { xrayColumns, xrayResults } from './xray.ts'

/** The blocks of documents that are made from the sources. */
const parts: readonly DocumentPart[] = [
  ['README.md', 'first verdict', firstVerdict],
  ['README.md', 'labs', () => labsTable('labs/', { buildsOn: false })],
  ['README.md', 'faults', () => faultsInShort('docs/faults.md')],
  ['README.md', 'links measured', linksMeasured],
  ['docs/incidents/README.md', 'incidents', incidentsTable],
  ['docs/facilitating.md', 'lessons', () => lessonsTable('../labs/')],
  ['labs/README.md', 'labs', () => labsTable('', { buildsOn: true })],
  ...guideParts(),
  ['docs/faults.md', 'list', faultsTable],
  ['docs/faults.md', 'limits', limitsTable],
  ['docs/faults.md', 'reference', faultsReference],
  ['docs/checks.md', 'list', checksTable],
  ['docs/checks.md', 'reference', checksReference],
  ['docs/scenario.md', 'reference', scenarioReference],
  ['docs/flow-files.md', 'flow file', flowFileReference],
  ['docs/xray.md', 'xray columns', xrayColumns],
  ['docs/xray.md', 'xray results', xrayResults],
  ['chaos/proxy/README.md', 'toxics', toxicsMarkdown],
  ['chaos/proxy/README.md', 'links api', linksApiReference],
]

export interface GeneratedDocument {
  readonly file: string
  readonly current: string
  readonly wanted: string
}

/** Every document with generated blocks, and every generated file: its current text and the text that it needs. */
export async function generatedDocuments(): Promise<readonly GeneratedDocument[]> {
  const schema = 'docs/scenario.schema.json'
  // docker-compose.yml gives this file to the data plane.
  const links = 'chaos/runtime/docker/links.json'
  const variants = 'docs/variants.schema.json'
  const systemFile = 'docs/system.schema.json'
  const flow = 'docs/flow.schema.json'
  const explorable = 'docs/explore.html'
  const files = [...new Set(parts.map(([file]) => file))]
  const pages = files.map(async (file) => {
    const current = await read(file)
    const mine = parts.filter((part) => part[0] === file)
    const wanted = mine.reduce(
      (text, [, name, content]) => withBlock(text, name, content()),
      current,
    )
    return { file, current, wanted }
  })
  return await Promise.all([
    ...pages,
    read(schema).then((current) => ({ file: schema, current, wanted: scenarioJsonSchema(system) })),
    read(flow).then((current) => ({ file: flow, current, wanted: flowJsonSchema() })),
    read(links).then((current) => ({ file: links, current, wanted: linksConfig(system.topology) })),
    read(explorable).then((current) => ({
      file: explorable,
      current,
      wanted: explorePage(readRecordings()),
    })),
    read(variants).then((current) => ({
      file: variants,
      current,
      wanted: variantsJsonSchema(system),
    })),
    read(systemFile).then((current) => ({
      file: systemFile,
      current,
      wanted: systemFileJsonSchema(),
    })),
  ])
}

function read(file: string): Promise<string> {
  return readFile(path.join(projectRoot, file), 'utf8')
}
