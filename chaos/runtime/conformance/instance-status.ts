import type { InstanceState, InstanceStatus, Runtime } from '#chaos/contracts/runtime.ts'

/** The status of one instance, as the runtime reports it. */
export async function instanceStatus(runtime: Runtime, name: string): Promise<InstanceStatus> {
  const found = (await runtime.status()).find((status) => status.name === name)
  if (found === undefined) throw new Error(`${name} is not in the status`)
  return found
}

/** The state of one instance. */
export async function instanceState(runtime: Runtime, name: string): Promise<InstanceState> {
  return (await instanceStatus(runtime, name)).state
}
