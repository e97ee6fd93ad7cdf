import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

const read = async (name: string): Promise<string> =>
  await readFile(join(projectRoot, name), 'utf8')

test('the image has what the type checker needs', async () => {
  const { dependencies } = JSON.parse(await read('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  expect(Object.keys(dependencies)).toEqual(
    expect.arrayContaining(['typescript', '@types/node', '@types/pg', 'vscode-jsonrpc']),
  )
  const image = (await read('services/Dockerfile'))
    .split(/^FROM /m)
    .find((stage) => stage.startsWith('base AS app'))
  expect(image).toMatch(/^COPY tsconfig\.json \.\/$/m)
  // --omit=optional leaves it out.
  expect(image).toContain('@typescript/typescript-linux-$(node -p process.arch)@')
})

test('the settings of the checker are those of the project, for one file', async () => {
  const text = await read('chaos/type-check/project/tsconfig.json')
  const { files, ...settings } = JSON.parse(text) as Readonly<Record<string, unknown>>
  expect(settings['extends']).toBe('../../../tsconfig.json')
  expect(files).toEqual(['learner.ts'])
})
