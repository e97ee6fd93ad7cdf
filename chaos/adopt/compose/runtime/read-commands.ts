import type { Project } from '#chaos/runtime/docker/project.ts'

/** The command lines of the processes in a container of the project; none if it does not run. */
export async function readCommands(project: Project, name: string): Promise<readonly string[]> {
  try {
    const container = await project.container(name)
    // The engine needs the column PID to find the processes of the container.
    const { Processes: rows } = (await container.top({ ps_args: '-eo pid,args' })) as {
      readonly Processes: readonly (readonly [pid: string, command: string])[]
    }
    return rows.map(([, command]) => command)
  } catch {
    return []
  }
}
