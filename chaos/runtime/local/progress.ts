/** Tells a person what takes long the first time: `Copying Postgres into the cache ...`. */
export type Progress = (line: string) => void
