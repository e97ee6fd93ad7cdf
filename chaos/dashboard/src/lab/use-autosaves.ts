import { useEffect, useRef, useState } from 'preact/hooks'

import type { LabCode, LabView, SaveConflict } from '../../../contracts/api.ts'
import { api, failureText, RequestError } from '../data/api.ts'
import { labFileFeed } from '../data/feeds.ts'
import { usePageState } from '../data/page-state.ts'
import { createAutosave } from '../editor/autosave.ts'
import type { Autosave, Draft, FileOnDisk, SaveState } from '../editor/autosave.ts'

const saveAfterMs = 600

/** Texts that could not be saved before the learner opened another page. Their lab shows them again. */
const drafts = new Map<string, Draft>()

export interface Autosaves {
  readonly of: (seam: string) => Autosave | undefined
  readonly states: ReadonlyMap<string, SaveState>
  /** Saves every file. True when all are on disk. */
  readonly flush: () => Promise<boolean>
}

/** The files of a lab, kept equal on disk and in the page. `onReload`: a file changed outside. */
export function useAutosaves(
  lab: LabView,
  code: LabCode | null,
  onReload: (seam: string, text: string) => void,
): Autosaves {
  const all = useRef(new Map<string, Autosave>())
  const [states, setStates] = useState<ReadonlyMap<string, SaveState>>(new Map())
  const reload = useRef(onReload)
  reload.current = onReload

  useEffect(() => {
    for (const file of code?.files ?? []) {
      if (all.current.has(file.seam)) continue
      const key = `${lab.id}/${file.seam}`
      const draft = drafts.get(key)
      const autosave = createAutosave({
        file: draft?.file ?? file,
        save: async (text, basedOn) => save(lab.id, file.seam, text, basedOn),
        read: async () => read(lab.id, file.seam),
        onState: (state) => setStates((before) => new Map(before).set(file.seam, state)),
        onReload: (text) => reload.current(file.seam, text),
        failureText,
        delayMs: saveAfterMs,
      })
      all.current.set(file.seam, autosave)
      if (draft === undefined) continue
      drafts.delete(key)
      autosave.edit(draft.text)
    }
  }, [code])

  const flush = async (): Promise<boolean> => {
    const saved = await Promise.all([...all.current.values()].map(async (one) => one.flush()))
    return saved.every(Boolean)
  }

  useEffect(() => {
    const autosaves = all.current
    const warn = (event: Event): void => {
      if ([...autosaves.values()].some(({ draft }) => draft !== null)) event.preventDefault()
    }
    const saveHidden = (): void => {
      if (document.hidden) void flush()
    }
    window.addEventListener('beforeunload', warn)
    document.addEventListener('visibilitychange', saveHidden)
    const end = labFileFeed.listen((event) => {
      if (event.lab === lab.id)
        void autosaves.get(event.seam)?.diskChanged(event.version ?? undefined)
    })
    return () => {
      end()
      window.removeEventListener('beforeunload', warn)
      document.removeEventListener('visibilitychange', saveHidden)
      for (const [seam, autosave] of autosaves) void leave(`${lab.id}/${seam}`, autosave)
    }
  }, [lab.id])

  // Not every change has an event: the list of files is read again every few seconds.
  const modified = lab.files.map(({ path, modifiedAt }) => `${path} ${modifiedAt}`).join()
  useEffect(() => {
    for (const autosave of all.current.values()) void autosave.diskChanged()
  }, [modified])

  const live = usePageState(({ connection }) => connection === 'live')
  useEffect(() => {
    if (live) void flush()
  }, [live])

  return { of: (seam) => all.current.get(seam), states, flush }
}

async function save(lab: string, seam: string, text: string, basedOn: string) {
  try {
    return await api.saveLabFile(lab, seam, { text, basedOn })
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 409) throw error
    const { text: onDisk, version } = error.body as SaveConflict
    if (version === undefined) throw error
    return { conflict: { text: onDisk, version } }
  }
}

async function read(lab: string, seam: string): Promise<FileOnDisk> {
  const { files } = await api.labCode(lab)
  const file = files.find((one) => one.seam === seam)
  if (file === undefined) throw new Error(`${seam} is not on disk.`)
  return file
}

async function leave(key: string, autosave: Autosave): Promise<void> {
  const { draft } = autosave
  if (draft !== null) drafts.set(key, draft)
  autosave.dispose()
  await autosave.flush()
  if (autosave.draft === null) drafts.delete(key)
}
