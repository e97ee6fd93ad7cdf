import { expect, test } from 'vitest'

import { parseXrayJson } from './parse-xray-json.ts'

test('a file of an earlier version is upgraded, with text that looks like a key unchanged', () => {
  const story = 'the reply was {"verdict":"ok"}'
  const earlier = {
    env: { stacks: 2 },
    baseline: { course: [{ text: 'COMMIT' }] },
    steps: [{ id: 's01', told: 'payload' }],
    cells: [{ verdict: 'lost', seen: ['verdict'], course: [], quietAfterMs: null, story }],
    classes: [{ verdict: 'lost', title: 'course' }],
  }
  expect(parseXrayJson(JSON.stringify(earlier))).toEqual({
    env: { sandboxes: 2 },
    baseline: { history: [{ text: 'COMMIT' }] },
    steps: [{ id: 's01', matchedBy: 'payload' }],
    cells: [{ result: 'lost', seen: ['verdict'], history: [], settledAfterMs: null, story }],
    classes: [{ result: 'lost', title: 'course' }],
  })
})

test('a file of this version is read as it is', () => {
  const present = { env: { sandboxes: 2 }, cells: [{ result: 'ok', history: [] }] }
  expect(parseXrayJson(JSON.stringify(present))).toEqual(present)
})

test('text that is not JSON is refused', () => {
  expect(() => parseXrayJson('{"cells": [')).toThrow(SyntaxError)
})
