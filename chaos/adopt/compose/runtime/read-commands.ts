import { engineStatusOf } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'

/** The command lines of the processes in a container of the project; none if it does not run. Undefined: the engine cannot tell. */
export async function readCommands(
  project: Project,
  name: string,
): Promise<readonly string[] | undefined> {
  try {
    const container = await project.container(name)
    // The engine needs the column PID to find the processes of the container.
    const { Processes: rows } = (await container.top({ ps_args: '-eo pid,args' })) as {
      readonly Processes: readonly (readonly [pid: string, command: string])[]
    }
    return rows.map(([, command]) => command)
  } catch (error) {
    return [404, 409].includes(engineStatusOf(error) ?? 0) ? [] : undefined
  }
}
