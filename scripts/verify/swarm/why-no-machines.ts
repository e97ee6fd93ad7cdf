import { execFileSync } from 'node:child_process'

import { whyNoDocker } from '#chaos/runtime/docker/testing/why-no-docker.ts'

/** Makes a network namespace and an overlay's device in it, and leaves nothing. */
const probe = ['--net', 'ip', 'link', 'add', 'type', 'vxlan', 'id', '1', 'dstport', '4789']

/** What this machine lacks for machines as namespaces; undefined: nothing. */
export function whyNoMachines(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux'
  if (whyNoDocker() !== undefined) return 'a Docker engine, which builds the image of a seat'
  for (const [program, args] of [
    ['dockerd', ['--version']],
    ['nsenter', ['--version']],
    ['unshare', probe],
  ] as const)
    try {
      execFileSync(program, args, { stdio: 'pipe' })
    } catch {
      return program === 'unshare'
        ? 'unshare, ip, and a kernel with VXLAN and network namespaces'
        : `the program ${program}`
    }
  return undefined
}
