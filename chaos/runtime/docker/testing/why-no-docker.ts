import { execFileSync } from 'node:child_process'

/** Why what needs a Docker engine with Compose cannot run here; undefined where it can. */
export function whyNoDocker(): string | undefined {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'pipe' })
    execFileSync('docker', ['info', '--format', '{{.ServerVersion}}'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no docker command'
      : 'the Docker engine or its Compose plugin does not answer'
  }
}
