import type { Runtime } from '#chaos/contracts/runtime.ts'

/** Kills the instance's main process directly, without the runtime. */
export async function crashByPid(runtime: Runtime, instance: string): Promise<void> {
  const status = await runtime.status()
  const pid = status.find(({ name }) => name === instance)?.pid
  if (pid === undefined) throw new Error(`${instance} has no process`)
  process.kill(pid, 'SIGKILL')
}
