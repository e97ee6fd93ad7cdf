import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { documents } from './generated.ts'
import { root } from './root.ts'

// `npm run docs`: writes everything in the documents that follows from the sources.
const stale = (await documents()).filter(({ current, wanted }) => current !== wanted)
for (const { file, wanted } of stale) {
  await writeFile(path.join(root, file), wanted)
  console.log(`${file} is new`)
}
if (stale.length === 0) console.log('Everything is as the sources say.')
