import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { imagesOf } from './images.ts'

it('finds every image of docker-compose.yml once', () => {
  const file = readFileSync(new URL('../../../../docker-compose.yml', import.meta.url), 'utf8')
  expect(imagesOf(file, {})).toEqual(['postgres:18', 'redis:8', 'unhappy-path'])
  const UNHAPPY_IMAGE = 'registry.example/unhappy-path:1.0.0'
  expect(imagesOf(file, { UNHAPPY_IMAGE })).toEqual(['postgres:18', 'redis:8', UNHAPPY_IMAGE])
})
