import { expect, test } from 'vitest'

import { unreachableNote } from './unreachable-note.ts'

const inDocker = { UNHAPPY_RUNTIME: 'docker' }
const open = { ...inDocker, UNHAPPY_WORKSHOP_ADDRESS: '0.0.0.0' }

test.for([
  ['plain processes', {}, 'http://127.0.0.1:19900'],
  ['a published port and a name', open, 'http://192.0.2.10:19900'],
] as const)('%s need no note', ([, environment, url]) => {
  expect(unreachableNote(environment, url)).toBeUndefined()
})

test.for([
  ['no setting', inDocker, 'http://127.0.0.1:19900', 'NAME=ADDRESS-OF-THIS-MACHINE'],
  [
    'a published port without a name',
    open,
    'http://127.0.0.1:19900',
    'port is published on 0.0.0.0',
  ],
  ['a name without a published port', inDocker, 'http://192.0.2.10:19900', 'NAME=192.0.2.10'],
] as const)('with %s the note says how to start it', ([, environment, url, text]) => {
  expect(unreachableNote(environment, url)).toContain(text)
})
