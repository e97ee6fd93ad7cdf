/** A text on disk and the version that the controller gave it. */
export interface FileOnDisk {
  readonly text: string
  readonly version: string
}

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  /** The text is only in this page. The next edit, or the end of an outage, tries again. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Another program changed the file meanwhile. Nothing is written until the learner chooses. */
  | { readonly kind: 'conflict'; readonly theirs: FileOnDisk }

export type SaveResult =
  | { readonly version: string }
  /** The file on disk is another one than the text is based on. */
  | { readonly conflict: FileOnDisk }

export interface Draft {
  readonly text: string
  readonly file: FileOnDisk
}

export interface AutosaveOptions {
  readonly file: FileOnDisk
  /** Writes the text if the file on disk still has the version `basedOn`. Rejects without a response. */
  save(text: string, basedOn: string): Promise<SaveResult>
  /** What is on disk. */
  read(): Promise<FileOnDisk>
  onState(state: SaveState): void
  /** The file changed outside and the learner had no unsaved text: the editor shows this text. */
  onReload(text: string): void
  /** The error as a text for the learner. */
  failureText(error: unknown): string
  /** Milliseconds without an edit before a save. */
  readonly delayMs: number
}

/** Saves the text of an editor. It overwrites no version that it has not read, except when the learner says so. */
export interface Autosave {
  readonly state: SaveState
  /** The text that is only in this page, and the file that it is based on. Null: everything is on disk. */
  readonly draft: Draft | null
  edit(text: string): void
  /** Saves now. True when the newest text is on disk. */
  flush(): Promise<boolean>
  /** Another program may have changed the file. `version`: the version on disk, if it is known. */
  diskChanged(version?: string): Promise<void>
  /** Ends a conflict: writes the learner's text over the other version. */
  keepMine(): Promise<boolean>
  /** Ends a conflict: the editor shows the other version. */
  takeTheirs(): void
  dispose(): void
}

export function createAutosave(options: AutosaveOptions): Autosave {
  const copy = createWorkingCopy(options)
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> | undefined

  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    saving ??= copy.saveAll().finally(() => {
      saving = undefined
    })
    await saving
    return copy.state.kind === 'saved'
  }

  return {
    get state() {
      return copy.state
    },
    get draft() {
      return copy.draft
    },
    edit: (next) => {
      copy.edit(next, saving !== undefined)
      clearTimeout(timer)
      if (copy.state.kind !== 'conflict' && copy.draft !== null)
        timer = setTimeout(() => void flush(), options.delayMs)
    },
    flush,
    diskChanged: async (known) => {
      // The event about the page's own save can arrive before the response to it.
      await saving
      if (known !== undefined && known === copy.version) return
      try {
        const disk = await options.read()
        await saving
        if (disk.version !== copy.version) copy.foundOnDisk(disk)
      } catch {
        // The page shows elsewhere that the controller does not respond. The next save finds the conflict.
      }
    },
    keepMine: async () => {
      copy.keepMine()
      return await flush()
    },
    takeTheirs: copy.takeTheirs,
    dispose: () => {
      clearTimeout(timer)
      copy.dispose()
    },
  }
}

/** The text of the editor, and the file on disk that it is based on. */
function createWorkingCopy(options: AutosaveOptions) {
  let { text, version } = options.file
  let savedText = text
  let state: SaveState = { kind: 'saved' }
  let disposed = false

  const setState = (next: SaveState): void => {
    state = next
    if (!disposed) options.onState(next)
  }
  const isDirty = (): boolean => text !== savedText
  const settle = (): void => setState(isDirty() ? { kind: 'unsaved' } : { kind: 'saved' })
  const follow = (disk: FileOnDisk): void => {
    ;({ text, version } = disk)
    savedText = text
    if (!disposed) options.onReload(text)
    setState({ kind: 'saved' })
  }
  /** Compares with what is on disk. A text without unsaved edits follows the disk. */
  const foundOnDisk = (disk: FileOnDisk): void => {
    if (disk.text === text) {
      version = disk.version
      savedText = text
      setState({ kind: 'saved' })
    } else if (isDirty()) setState({ kind: 'conflict', theirs: disk })
    else follow(disk)
  }
  /** One save. False when something prevents more saves. */
  const saveOnce = async (): Promise<boolean> => {
    const sent = text
    setState({ kind: 'saving' })
    try {
      const result = await options.save(sent, version)
      if ('conflict' in result) {
        foundOnDisk(result.conflict)
        return false
      }
      version = result.version
      savedText = sent
      settle()
      return true
    } catch (error) {
      setState({ kind: 'failed', reason: options.failureText(error) })
      return false
    }
  }

  return {
    get state() {
      return state
    },
    get version() {
      return version
    },
    get draft(): Draft | null {
      return isDirty() ? { text, file: { text: savedText, version } } : null
    },
    edit: (next: string, isSaving: boolean): void => {
      text = next
      if (state.kind !== 'conflict' && !isSaving) settle()
    },
    foundOnDisk,
    /** Saves until the newest text is on disk, or something prevents it. */
    saveAll: async (): Promise<void> => {
      while (isDirty() && state.kind !== 'conflict') if (!(await saveOnce())) return
    },
    keepMine: (): void => {
      if (state.kind !== 'conflict') return
      version = state.theirs.version
      savedText = state.theirs.text
      settle()
    },
    takeTheirs: (): void => {
      if (state.kind === 'conflict') follow(state.theirs)
    },
    dispose: (): void => {
      disposed = true
    },
  }
}
