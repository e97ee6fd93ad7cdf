import type { Container, ContainerInspection } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'
import { runSidecar } from '#chaos/runtime/docker/sidecars/sidecar.ts'

/** After this the engine kills the container. */
const crashWithinMs = 30_000
/** Only if the process still belongs to the container: the kernel gives a number again. */
const script = 'grep -q "$2" "/proc/$1/cgroup" && kill -9 "$1"'

/**
 * Sends SIGKILL to the first process of a container, as the kernel does when memory is full. `docker kill` would switch the
 * container's restart policy off; after this the engine applies it. A sidecar sees the processes of the machine and may send
 * signals. Where it cannot, the engine kills the container, and its restart policy does not count.
 */
export async function crashContainer(
  project: Project,
  instance: string,
  container: Container,
  { Id: id, State }: ContainerInspection,
): Promise<void> {
  try {
    await runSidecar(project, {
      kind: 'crash',
      instance,
      command: ['sh', '-c', script, 'crash', String(State.Pid), id],
      host: { PidMode: 'host', CapAdd: ['KILL'] },
      signal: AbortSignal.timeout(crashWithinMs),
    })
  } catch {
    await container.kill()
  }
}
