import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { generatedDocuments } from './generated.ts'

// `npm run docs`: writes the generated blocks of the documents.
const stale = (await generatedDocuments()).filter(({ current, wanted }) => current !== wanted)
for (const { file, wanted } of stale) {
  await writeFile(path.join(projectRoot, file), wanted)
  console.log(`updated ${file}`)
}
if (stale.length === 0) console.log('All documents are up to date.')
