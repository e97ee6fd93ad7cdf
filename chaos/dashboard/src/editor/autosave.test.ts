import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { createAutosave } from './autosave.ts'
import type { Autosave, FileOnDisk, SaveState } from './autosave.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A file that this page and another program write. Versions count from 1. */
function fileOnDisk(text = 'a') {
  let disk: FileOnDisk = { text, version: '1' }
  const states: SaveState['kind'][] = []
  const reloaded: string[] = []
  let broken = false
  let held: Promise<void> | undefined
  const write = (next: string): void => {
    disk = { text: next, version: String(Number(disk.version) + 1) }
  }
  const autosave: Autosave = createAutosave({
    file: disk,
    save: async (next, basedOn) => {
      await held
      if (broken) throw new Error('no response')
      if (basedOn !== disk.version) return { conflict: disk }
      write(next)
      return { version: disk.version }
    },
    read: async () => disk,
    onState: ({ kind }) => states.push(kind),
    onReload: (next) => reloaded.push(next),
    failureText: (error) => (error as Error).message,
    delayMs: 500,
  })
  return {
    autosave,
    states,
    reloaded,
    write,
    text: () => disk.text,
    breakIt: (now: boolean) => {
      broken = now
    },
    hold: (until: Promise<void> | undefined) => {
      held = until
    },
  }
}

test('edits are saved together, after a pause', async () => {
  const { autosave, states, text } = fileOnDisk()
  autosave.edit('ab')
  await vi.advanceTimersByTimeAsync(499)
  autosave.edit('abc')
  await vi.advanceTimersByTimeAsync(499)
  expect(text()).toBe('a')
  await vi.advanceTimersByTimeAsync(1)
  expect(text()).toBe('abc')
  expect(states).toEqual(['unsaved', 'unsaved', 'saving', 'saved'])
})

test('an edit during a save is saved after it', async () => {
  const { autosave, hold, text } = fileOnDisk()
  const { promise, resolve } = Promise.withResolvers<void>()
  hold(promise)
  autosave.edit('ab')
  const saved = autosave.flush()
  autosave.edit('abc')
  hold(undefined)
  resolve()
  expect(await saved).toBe(true)
  expect(text()).toBe('abc')
})

test('a file that another program changed is not overwritten; the learner chooses', async () => {
  const { autosave, write, text, reloaded } = fileOnDisk()
  write('theirs')
  autosave.edit('mine')
  expect(await autosave.flush()).toBe(false)
  expect(autosave.state).toEqual({ kind: 'conflict', theirs: { text: 'theirs', version: '2' } })
  autosave.edit('mine too')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(text()).toBe('theirs')
  expect(await autosave.keepMine()).toBe(true)
  expect({ disk: text(), reloaded }).toEqual({ disk: 'mine too', reloaded: [] })
})

test('the learner takes the other version', async () => {
  const { autosave, write, text, reloaded } = fileOnDisk()
  write('theirs')
  autosave.edit('mine')
  await autosave.flush()
  autosave.takeTheirs()
  expect({ state: autosave.state.kind, reloaded }).toEqual({ state: 'saved', reloaded: ['theirs'] })
  autosave.edit('theirs, changed')
  expect(await autosave.flush()).toBe(true)
  expect(text()).toBe('theirs, changed')
})

test('a second change during a conflict is found when the learner keeps their text', async () => {
  const { autosave, write, text } = fileOnDisk()
  write('theirs')
  autosave.edit('mine')
  await autosave.flush()
  write('theirs again')
  expect(await autosave.keepMine()).toBe(false)
  expect(autosave.state).toMatchObject({ kind: 'conflict', theirs: { text: 'theirs again' } })
  expect(text()).toBe('theirs again')
})

test('without unsaved edits the editor follows the disk', async () => {
  const { autosave, write, reloaded } = fileOnDisk()
  write('theirs')
  await autosave.diskChanged('2')
  expect({ state: autosave.state.kind, reloaded }).toEqual({ state: 'saved', reloaded: ['theirs'] })
})

test('with unsaved edits a change on disk is a conflict at once', async () => {
  const { autosave, write, reloaded } = fileOnDisk()
  autosave.edit('mine')
  write('theirs')
  await autosave.diskChanged('2')
  expect({ state: autosave.state.kind, reloaded }).toEqual({ state: 'conflict', reloaded: [] })
})

test('the event about its own save changes nothing', async () => {
  const { autosave, hold, reloaded, states } = fileOnDisk()
  const { promise, resolve } = Promise.withResolvers<void>()
  hold(promise)
  autosave.edit('ab')
  const saved = autosave.flush()
  const noticed = autosave.diskChanged('2')
  resolve()
  await Promise.all([saved, noticed])
  expect({ reloaded, last: states.at(-1) }).toEqual({ reloaded: [], last: 'saved' })
})

test('the same text from another program does not conflict', async () => {
  const { autosave, write } = fileOnDisk()
  autosave.edit('same')
  write('same')
  await autosave.diskChanged()
  expect(autosave.state.kind).toBe('saved')
  autosave.edit('same, changed')
  expect(await autosave.flush()).toBe(true)
})

test('without a response the text stays unsaved, and the next attempt saves it', async () => {
  const { autosave, breakIt, text } = fileOnDisk()
  breakIt(true)
  autosave.edit('mine')
  expect(await autosave.flush()).toBe(false)
  expect(autosave.state).toEqual({ kind: 'failed', reason: 'no response' })
  breakIt(false)
  expect(await autosave.flush()).toBe(true)
  expect(text()).toBe('mine')
})
