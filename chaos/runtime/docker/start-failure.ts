import { InputError } from '#chaos/lib/errors.ts'

import { exitOf } from './engine/exit-of.ts'
import { lastLines } from './engine/logs.ts'
import type { Project } from './project.ts'

/** Exit status by which a service says that what it was given is wrong (EX_CONFIG): a seam file, a setting. */
const badConfiguration = 78

/** The error of an instance that ended before it was ready: with its last words. */
export async function startFailure(
  project: Project,
  name: string,
  exitCode: number,
): Promise<Error> {
  const words = await lastWords(project, name)
  if (exitCode === badConfiguration)
    return new InputError(`${name} cannot start with what it was given. ${words}`)
  const { code, signal } = exitOf(exitCode)
  const how = signal === null ? `ended (status ${code})` : `was killed by ${signal}`
  return new Error(`${name} ${how} before it was ready. ${words}`)
}

/** What it printed for people; when that is nothing, the end of its log. */
async function lastWords(project: Project, name: string): Promise<string> {
  const lines = await lastLines(project, name)
  const prose = lines.filter((line) => !line.startsWith('{'))
  return (prose.length > 0 ? prose : lines).join('\n')
}
