import { basename, resolve } from 'node:path'

/** A local copy of a Compose project that is not part of this repository, and a flow of it. */
export interface PublicProject {
  /** The name of its folder, in names of tasks. */
  readonly name: string
  readonly folder: string
  readonly flow: string
}

/**
 * The projects in the value of --projects: `FOLDER=FLOW,...`. `bad`, with a message on standard error, if a part has another
 * form or two folders have the same name.
 */
export function publicProjects(text: string | undefined): readonly PublicProject[] | 'bad' {
  const parts = (text ?? '').split(',').filter((part) => part !== '')
  const projects: PublicProject[] = []
  for (const part of parts) {
    const [folder = '', flow = '', ...more] = part.split('=')
    const project = { name: basename(folder), folder: resolve(folder), flow: resolve(flow) }
    if (folder === '' || flow === '' || more.length > 0) {
      console.error(
        `"${part}" is not a project. Use FOLDER=FLOW, for example --projects ../app=../app.flow.yaml. Use commas for several.`,
      )
      return 'bad'
    }
    if (projects.some(({ name }) => name === project.name)) {
      console.error(`Two projects are in a folder named "${project.name}". Rename one of them.`)
      return 'bad'
    }
    projects.push(project)
  }
  return projects
}
