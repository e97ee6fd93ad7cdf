import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { describeWithDocker } from '../testing/describe-with-docker.ts'
import { loadImages, saveImages } from './images.ts'

describeWithDocker('images in a file', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unhappy-images-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
  })

  test('loads the images that were saved', async () => {
    const file = join(folder, 'redis.tar.gz')
    const to = createWriteStream(file)
    const saved = await saveImages(['redis:8'], to)
    await new Promise((resolve) => to.end(resolve))
    expect(saved.architecture).toMatch(/^(amd64|arm64)$/)
    expect(saved.bytes).toBeGreaterThan(1_000_000)
    expect(await loadImages(createReadStream(file))).toEqual(['redis:8'])
  })

  test('names an image that is missing', async () => {
    const saving = saveImages(['unhappy-nobody:1'], createWriteStream(join(folder, 'none')))
    await expect(saving).rejects.toThrow(/unhappy-nobody:1/)
    await expect(saving).rejects.toThrow(InputError)
  })

  test('refuses a file that is not an archive', async () => {
    const file = join(folder, 'text.txt')
    await writeFile(file, 'hello')
    await expect(loadImages(createReadStream(file))).rejects.toThrow(InputError)
  })
})
