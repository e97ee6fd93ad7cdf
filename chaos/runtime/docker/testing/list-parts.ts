import type { ComposeSandbox } from './compose-sandbox.ts'

/**
 * Everything that exists of a project: containers with their state, sidecars, volumes, networks.
 */
export async function listParts(sandbox: ComposeSandbox): Promise<readonly string[]> {
  const compose = `label=com.docker.compose.project=${sandbox.project}`
  const list = async (kind: string, ...args: readonly string[]): Promise<string[]> => {
    const text = await sandbox.docker(...args)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${kind} ${line}`)
  }
  const name = ['--format', '{{.Names}} {{.State}}']
  const lists = await Promise.all([
    list('container', 'ps', '--all', '--filter', compose, ...name),
    listSidecars(sandbox),
    list('volume', 'volume', 'ls', '--filter', compose, '--format', '{{.Name}}'),
    list('network', 'network', 'ls', '--filter', compose, '--format', '{{.Name}}'),
  ])
  return lists.flat()
}

/** The sidecars of a project, by name. */
export async function listSidecars(sandbox: ComposeSandbox): Promise<string[]> {
  const own = `label=unhappy-path.project=${sandbox.project}`
  const text = await sandbox.docker('ps', '--all', '--filter', own, '--format', '{{.Names}}')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `sidecar ${line}`)
}

/**
 * The packet rules in the network namespace of an instance, as iptables prints them. Empty if the instance does not run: its
 * namespace is gone, with its rules.
 */
export async function listPacketRules(sandbox: ComposeSandbox, instance: string): Promise<string> {
  const id = (await sandbox.compose('ps', '--all', '--quiet', instance)).trim()
  const network = ['--network', `container:${id}`, '--cap-add', 'NET_ADMIN', '--user', '0']
  const words = ['run', '--rm', ...network, '--entrypoint', 'iptables', 'unhappy-path', '-S']
  return await sandbox.docker(...words).catch((error: unknown) => {
    if (/non running container/.test(String(error))) return ''
    throw error
  })
}
