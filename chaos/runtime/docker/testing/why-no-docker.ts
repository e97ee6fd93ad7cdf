import { execFileSync } from 'node:child_process'

/** Why tests cannot use Docker here; undefined when the engine and Compose answer. */
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
