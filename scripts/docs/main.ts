import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { documents } from './generated.ts'
import { root } from './root.ts'

// `npm run docs`: writes everything in the documents that follows from the sources.
for (const { file, current, wanted } of await documents()) {
  if (current === wanted) continue
  await writeFile(path.join(root, file), wanted)
  console.log(`${file} is new`)
}
